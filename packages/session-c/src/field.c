#include "field.h"

#include <math.h>

static JsonNode *node_in(JsonObject *object, const char *name) {
  return object != NULL ? json_object_get_member(object, name) : NULL;
}

const char *tether_text_in(JsonObject *object, const char *name) {
  JsonNode *node = node_in(object, name);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
  return text != NULL ? text : "";
}

double tether_number_in(JsonObject *object, const char *name) {
  JsonNode *node = node_in(object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_double(node) : 0;
}

long long tether_whole_in(JsonObject *object, const char *name) {
  const double number = tether_number_in(object, name);
  return fabs(number) <= 9007199254740991.0 ? (long long)number : 0;
}

JsonObject *tether_object_in(JsonObject *object, const char *name) {
  JsonNode *node = node_in(object, name);
  return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonArray *tether_array_in(JsonObject *object, const char *name) {
  JsonNode *node = node_in(object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

JsonObject *tether_object_at(JsonArray *array, guint at) {
  JsonNode *node = at < tether_count_of(array) ? json_array_get_element(array, at) : NULL;
  return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

guint tether_count_of(JsonArray *array) { return array != NULL ? json_array_get_length(array) : 0; }

JsonObject *tether_object_of(const char *text, gssize length) {
  g_autoptr(JsonParser) parser = json_parser_new();
  if (text == NULL || !json_parser_load_from_data(parser, text, length, NULL)) return NULL;
  JsonNode *root = json_parser_get_root(parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_object_ref(json_node_get_object(root)) : NULL;
}

char *tether_quoted(const char *text) {
  g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);
  return json_to_string(node, FALSE);
}
