/* Lets a test drive a guard: a JSON line is a call, and answered with a line for each hook that it called and one that says how it stands. */

#include "../src/guard.h"
#include "../src/write.h"
#include "recording.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static struct tether_guard guard;
static struct tether_declaration declaration;
static char declared[16384];
static bool commands_are_good = true, is_kept = true;
static enum tether_run answers[3] = {TETHER_RUN_DONE, TETHER_RUN_DONE, TETHER_RUN_DONE};
/** A call that the next command hook makes, as many times. */
static double stops_in_hook = 0;

static const char *const stages[] = {"slow", "stop", "safe"};
static const char *const phases[] = {"idle", "armed", "driving", "stopping", "ended"};

static bool verify(void *context, const uint8_t key[32], struct tether_text text, const uint8_t signature[64]) {
  (void)context;
  EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
  EVP_MD_CTX *check = EVP_MD_CTX_new();
  const bool holds = public != NULL && EVP_DigestVerifyInit(check, NULL, NULL, NULL, public) == 1 &&
                     EVP_DigestVerify(check, signature, 64, (const unsigned char *)text.at, text.length) == 1;
  EVP_MD_CTX_free(check);
  EVP_PKEY_free(public);
  return holds;
}

static void axes(const struct tether_drive *drive, size_t count) {
  printf(",\"axes\":[");
  for (size_t at = 0; at < count; at += 1) {
    printf("%s", at == 0 ? "" : ",");
    if (drive->keeps[at]) printf("null");
    else printf("%.17g", drive->axes[at]);
  }
  printf("]");
}

static bool command(void *context, const struct tether_drive *drive) {
  (void)context;
  printf("{\"hook\":\"command\",\"seq\":%lld,\"limit\":%.17g,\"command\":%.*s,\"button\":%d", (long long)drive->obeyed.seq, drive->obeyed.limit,
         (int)drive->command.length, drive->command.at, drive->button);
  if (drive->has_linear) printf(",\"linear\":%.17g", drive->linear);
  if (drive->has_angular) printf(",\"angular\":%.17g", drive->angular);
  if (guard.declaration != NULL) axes(drive, declaration.axis_count);
  printf("}\n");
  for (; stops_in_hook > 0; stops_in_hook -= 1) tether_guard_stop(&guard, guard.at);
  return commands_are_good;
}

static enum tether_run run(void *context, enum tether_stage stage, enum tether_reason reason, uint32_t number) {
  (void)context;
  printf("{\"hook\":\"run\",\"stage\":\"%s\",\"reason\":\"%s\",\"run\":%u}\n", stages[stage], tether_reason_name(reason), number);
  return answers[stage];
}

static void send(void *context, uint32_t pair, enum tether_channel channel, struct tether_text text, bool is_news) {
  (void)context;
  printf("{\"hook\":\"send\",\"pair\":%u,\"channel\":\"%s\",\"message\":%.*s,\"isNews\":%s}\n", pair, channel == TETHER_ON_CONTROL ? "control" : "events",
         (int)text.length, text.at, is_news ? "true" : "false");
}

static bool keep(void *context, bool in_force) {
  (void)context;
  printf("{\"hook\":\"keep\",\"inForce\":%s}\n", in_force ? "true" : "false");
  return is_kept;
}

static void latched(void *context, const struct tether_latch *latch) {
  (void)context;
  printf("{\"hook\":\"latched\",\"inForce\":%s", latch->in_force ? "true" : "false");
  if (latch->session != NULL) printf(",\"session\":\"%s\"", latch->session->text);
  if (latch->by.length > 0) printf(",\"by\":%.*s", (int)latch->by.length, latch->by.at);
  printf("}\n");
}

static void stopped(void *context, enum tether_reason reason, double latency_ms, const struct tether_stages *passed) {
  (void)context;
  printf("{\"hook\":\"stopped\",\"reason\":\"%s\",\"latencyMs\":%.17g,\"stages\":%zu}\n", tether_reason_name(reason), latency_ms, passed->count);
}

static const struct tether_hooks hooks = {NULL, command, run, verify, send, keep, latched, stopped};

static struct tether_text text_of(struct tether_text call, const char *name, char *into, size_t size) {
  struct tether_text value;
  size_t count;
  into[0] = '\0';
  if (tether_json_field(call, name, &value) && !tether_json_string(value, into, size, size, &count)) into[0] = '\0';
  return tether_text_of(into);
}

static bool is(struct tether_text call, const char *name, const char *value) {
  struct tether_text field;
  return tether_json_field(call, name, &field) && tether_json_is_string(field, value);
}

static bool truth(struct tether_text call, const char *name, bool otherwise) {
  struct tether_text field;
  bool is_true = otherwise;
  return tether_json_field(call, name, &field) && tether_json_boolean(field, &is_true) ? is_true : otherwise;
}

static bool has(struct tether_text call, const char *name) {
  struct tether_text field;
  return tether_json_field(call, name, &field);
}

static enum tether_run answer(struct tether_text call, const char *stage) {
  return is(call, stage, "failed") ? TETHER_RUN_FAILED : is(call, stage, "running") ? TETHER_RUN_RUNNING : TETHER_RUN_DONE;
}

static void begin(struct tether_text call, double at) {
  char robot[64];
  struct tether_manoeuvre manoeuvre = {.has_slow = has(call, "slow"), .has_safe = has(call, "safe"), .stop_within_ms = 2000};
  if (manoeuvre.has_slow) manoeuvre.slow_within_ms = number_of(call, "slow");
  if (manoeuvre.has_safe) manoeuvre.safe_within_ms = number_of(call, "safe");
  const struct tether_text text = text_of(call, "declaration", declared, sizeof declared);
  const bool is_declared = text.length > 0;
  if (is_declared && !tether_declaration_read(&declaration, text)) printf("{\"hook\":\"undeclared\"}\n");
  text_of(call, "robot", robot, sizeof robot);
  const struct tether_options options = {robot, truth(call, "isStopped", false), truth(call, "limitsSpeed", false), &manoeuvre, is_declared ? &declaration : NULL};
  tether_guard_begin(&guard, &hooks, &options, at);
}

static void hear(struct tether_text call, struct tether_text text) {
  static const char *const types[] = {"nothing", "command", "stop", "ping", "permit", "resume", "clock"};
  struct tether_heard heard;
  tether_hear(is(call, "channel", "control") ? TETHER_ON_CONTROL : TETHER_ON_EVENTS, text, &heard);
  printf("{\"hook\":\"heard\",\"type\":\"%s\"", types[heard.type]);
  if (heard.type == TETHER_HEARD_COMMAND || heard.type == TETHER_HEARD_RESUME) printf(",\"epoch\":%lld,\"seq\":%lld", (long long)heard.epoch, (long long)heard.seq);
  if (heard.type == TETHER_HEARD_COMMAND) printf(",\"sentAt\":%.17g,\"command\":%.*s", heard.sent_at, (int)heard.command.length, heard.command.at);
  if (heard.type == TETHER_HEARD_COMMAND && heard.has_picture) printf(",\"pictureAt\":%.17g", heard.picture_at);
  if (heard.type == TETHER_HEARD_RESUME) printf(",\"stop\":%u", heard.stop);
  if (heard.type == TETHER_HEARD_CLOCK) printf(",\"t0\":%.17g,\"t1\":%.17g", heard.t0, heard.t1);
  if (heard.type == TETHER_HEARD_PING && heard.has_t0) printf(",\"t0\":%.17g", heard.t0);
  if (heard.type == TETHER_HEARD_PERMIT) printf(",\"permit\":%.*s", (int)heard.permit.length, heard.permit.at);
  if (heard.has_key) printf(",\"keyBytes\":%zu", strlen(heard.key));
  printf("}\n");
}

static void limit(struct tether_text call) {
  struct tether_bounds bounds = {.stop_ms = 1000, .has_max_linear = has(call, "maxLinear"), .has_max_angular = has(call, "maxAngular")};
  struct tether_drive drive = {.obeyed = {.limit = number_of(call, "limit")}};
  struct tether_text value;
  if (bounds.has_max_linear) bounds.max_linear = number_of(call, "maxLinear");
  if (bounds.has_max_angular) bounds.max_angular = number_of(call, "maxAngular");
  if (!tether_json_field(call, "command", &value)) return;
  if (guard.declaration != NULL && !tether_is_declared(&declaration, value)) {
    printf("{\"hook\":\"none\"}\n");
    return;
  }
  tether_limit(guard.declaration, value, &bounds, drive.obeyed.limit, &drive);
  if (guard.declaration != NULL) drive.button = tether_take_press(&guard.presses, &declaration, value);
  command(NULL, &drive);
}

static void carry_out(struct tether_text call) {
  static char text[262144];
  char session[64];
  const double at = has(call, "at") ? number_of(call, "at") : guard.at;
  const uint32_t pair = has(call, "pair") ? (uint32_t)number_of(call, "pair") : 0;
  const struct tether_text said = text_of(call, "text", text, sizeof text);
  if (is(call, "do", "begin")) begin(call, at);
  if (is(call, "do", "frame")) tether_guard_frame(&guard, at, said);
  if (is(call, "do", "lost")) tether_guard_lost(&guard, at);
  if (is(call, "do", "open")) printf("{\"hook\":\"pair\",\"pair\":%u}\n", tether_guard_open(&guard, at, text_of(call, "session", session, sizeof session).at));
  if (is(call, "do", "message")) tether_guard_message(&guard, at, pair, is(call, "channel", "control") ? TETHER_ON_CONTROL : TETHER_ON_EVENTS, said);
  if (is(call, "do", "early")) {
    text_of(call, "session", session, sizeof session);
    printf("{\"hook\":\"early\",\"isObeyed\":%s}\n", tether_guard_early(&guard, at, session, is(call, "channel", "control") ? TETHER_ON_CONTROL : TETHER_ON_EVENTS, said) ? "true" : "false");
  }
  if (is(call, "do", "leave")) tether_guard_leave(&guard, at, pair);
  if (is(call, "do", "close")) tether_guard_close(&guard, at, pair);
  if (is(call, "do", "stop")) tether_guard_stop(&guard, at);
  if (is(call, "do", "stopped")) tether_guard_stopped(&guard, at, (uint32_t)number_of(call, "run"), truth(call, "isGood", true));
  if (is(call, "do", "end")) tether_guard_end(&guard, at);
  if (is(call, "do", "due")) tether_guard_due(&guard, at);
  if (is(call, "do", "picture")) tether_guard_picture(&guard, at, "front", 90000, number_of(call, "takenAt"));
  if (is(call, "do", "telemetry")) tether_guard_telemetry(&guard, said);
  if (is(call, "do", "hear")) hear(call, said);
  if (is(call, "do", "limit")) limit(call);
  if (is(call, "do", "answer")) {
    commands_are_good = truth(call, "command", true);
    is_kept = truth(call, "keep", true);
    stops_in_hook = has(call, "stopsInHook") ? number_of(call, "stopsInHook") : 0;
    for (int stage = 0; stage < 3; stage += 1) answers[stage] = answer(call, stages[stage]);
  }
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  while ((length = getline(&line, &size, stdin)) > 0) {
    carry_out((struct tether_text){line, (size_t)length});
    const double due = tether_guard_deadline(&guard);
    printf("{\"phase\":\"%s\",\"due\":", phases[guard.state.phase]);
    if (due < HUGE_VAL) printf("%.17g", due);
    else printf("null");
    printf(",\"keys\":%zu}\n", guard.key_count);
    fflush(stdout);
  }
  free(line);
  return 0;
}
