import { Choice, Field } from "../component/field.tsx";
import type { Filter } from "./filter.ts";
import { commonKinds, kindWord } from "./words.ts";

const kinds = { all: "All types", ...Object.fromEntries(commonKinds.map((kind) => [kind, kindWord(kind)])), other: "Any other" };
const directions = { all: "Both ways", "from-robot": "From the robot", "from-people": "From people" };
const verdicts = { all: "All verdicts", posted: "Posted or answered", undelivered: "Undelivered", refused: "Refused" };

/** The fields that filter the log. */
export function FilterForm({ filter, choose }: { filter: Filter; choose: (filter: Filter) => void }) {
  return (
    <search className="form-row monitor-filter" aria-label="Filter">
      <OneOf label="Type" options={kinds} value={filter.kind} choose={(kind) => choose({ ...filter, kind })} />
      <OneOf label="Direction" options={directions} value={filter.direction} choose={(direction) => choose({ ...filter, direction })} />
      <OneOf label="Verdict" options={verdicts} value={filter.verdict} choose={(verdict) => choose({ ...filter, verdict })} />
      <Field
        label="Words"
        type="search"
        placeholder="A name, an id, a reason"
        value={filter.text}
        onChange={({ target }) => choose({ ...filter, text: target.value })}
      />
    </search>
  );
}

type OneOfProps<Value extends string> = {
  label: string;
  options: Readonly<Record<string, string>>;
  value: Value;
  choose: (value: Value) => void;
};

function OneOf<Value extends string>({ label, options, value, choose }: OneOfProps<Value>) {
  return (
    <Choice label={label} value={value} onChange={({ target }) => choose(target.value as Value)}>
      {Object.entries(options).map(([known, word]) => (
        <option key={known} value={known}>
          {word}
        </option>
      ))}
    </Choice>
  );
}
