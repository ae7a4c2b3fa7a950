import type { ClientSessionId, InstanceId } from "@tether/protocol/id";

/** The session that has control. An epoch belongs to one instance: another instance of the same session gets another epoch. */
export type Holder = {
  readonly sessionId: ClientSessionId;
  readonly instance: InstanceId;
  readonly user: { readonly id: string; readonly name?: string };
  /** Since when it has driven. */
  readonly since: number;
};

/** A request for control that the holder has not answered; `id` is the requesting frame's. */
export type Asked = { readonly sessionId: ClientSessionId; readonly id?: string; readonly answerBy: number };
