#include "field.h"
#include "key.h"
#include "ticket.h"

#include <gio/gio.h>

struct tether_identity *tether_identity_open(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "robot.json", NULL), *text = NULL;
  g_autoptr(JsonObject) kept = NULL;
  g_autoptr(GError) error = NULL;
  if (g_file_get_contents(path, &text, NULL, &error)) kept = tether_object_of(text, -1);
  else if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) || g_mkdir_with_parents(folder, 0700) != 0) return NULL;
  if (text != NULL && kept == NULL) return NULL;
  struct tether_identity *identity = g_atomic_rc_box_new0(struct tether_identity);
  g_mutex_init(&identity->asking);
  identity->folder = g_strdup(folder);
  identity->robot = g_strdup(tether_text_in(kept, "robot"));
  identity->origin = g_strdup(tether_text_in(kept, "origin"));
  identity->key = tether_key_of_seed(tether_text_in(kept, "key"));
  identity->next = tether_key_of_seed(tether_text_in(kept, "next"));
  if (kept == NULL || identity->key != NULL) return identity;
  tether_identity_free(identity);
  return NULL;
}

static void clear(gpointer data) {
  struct tether_identity *identity = data;
  EVP_PKEY_free(identity->key);
  EVP_PKEY_free(identity->next);
  g_mutex_clear(&identity->asking);
  g_free(identity->folder);
  g_free(identity->robot);
  g_free(identity->origin);
}

struct tether_identity *tether_identity_keep(struct tether_identity *identity) { return g_atomic_rc_box_acquire(identity); }

void tether_identity_free(struct tether_identity *identity) {
  if (identity != NULL) g_atomic_rc_box_release_full(identity, clear);
}

const char *tether_identity_robot(const struct tether_identity *identity) { return identity->robot; }

bool tether_identity_save(const struct tether_identity *identity) {
  const GFileSetContentsFlags flags = G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;
  g_autofree char *path = g_build_filename(identity->folder, "robot.json", NULL);
  g_autofree char *robot = tether_quoted(identity->robot), *origin = tether_quoted(identity->origin);
  g_autofree char *key = tether_key_seed(identity->key);
  g_autofree char *next = identity->next != NULL ? tether_key_seed(identity->next) : g_strdup("");
  g_autofree char *text =
      g_strdup_printf("{\"robot\":%s,\"origin\":%s,\"key\":\"%s\",\"next\":\"%s\"}\n", robot, origin, key, next);
  return g_file_set_contents_full(path, text, -1, flags, 0600, NULL);
}
