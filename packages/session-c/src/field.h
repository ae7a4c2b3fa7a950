#ifndef TETHER_FIELD_H
#define TETHER_FIELD_H

#include <json-glib/json-glib.h>

/* A field that is missing or of another type is "", 0 or null, and so is that of no object. */

const char *tether_text_in(JsonObject *object, const char *name);
double tether_number_in(JsonObject *object, const char *name);
/** 0 as well where a double does not hold it exactly. */
long long tether_whole_in(JsonObject *object, const char *name);
JsonObject *tether_object_in(JsonObject *object, const char *name);
JsonArray *tether_array_in(JsonObject *object, const char *name);
/** The item of an array if it is an object, else null. */
JsonObject *tether_object_at(JsonArray *array, guint at);
/** How many items an array has; none where there is no array. */
guint tether_count_of(JsonArray *array);

/** The object that a text is, or null. It is the caller's. */
JsonObject *tether_object_of(const char *text, gssize length);
/** A text as JSON has it, in quotation marks. It is the caller's. */
char *tether_quoted(const char *text);

#endif
