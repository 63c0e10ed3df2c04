/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-json-private.h"

#include "base/vc-buffer-private.h"

#include <string.h>

/* Why not a library: the usual one recurses on nesting and reads 010 as 8. This one keeps a stack of 64 and the grammar
 * of RFC 8259, and takes time and memory linear in the text. */

typedef struct {
  guint32    line;
  guint32    column;
  guint32    text; /* offset of the resolved text */
  guint32    length;
  guint32    key;
  guint32    key_length;
  guint32    first;
  guint32    next;
  VcJsonType type;
} Node;

struct _VcJson
{
  char   *name;
  char   *text; /* resolved strings and numbers, each at its offset in the source: resolving never lengthens */
  gsize   text_room;
  Node   *nodes;
  guint32 n_nodes;
  guint32 capacity;
};

typedef struct {
  guint32 node;
  guint32 last;
  guint32 n_members;
} Level;

typedef struct {
  VcJson     *json;
  const char *source;
  gsize       length;
  gsize       at;
  gsize       marked; /* up to where lines and columns are counted */
  guint32     line;
  guint32     column;
  gboolean    partial;  /* more may come */
  gboolean    is_short; /* and must, before the value ends */
  guint       depth;
  Level       levels[VC_JSON_MAX_DEPTH];
} Parser;

void
vc_json_free (VcJson *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  vc_buffer_free (self->text);
  vc_buffer_free (self->nodes);
  g_free (self);
}

/* Line and column of an offset no smaller than the one before: linear over the whole text. */
static void
mark (Parser *parser, gsize offset)
{
  for (; parser->marked < offset; parser->marked++) {
    char c = parser->source[parser->marked];

    if (c == '\n'
        || (c == '\r' && (parser->marked + 1 == parser->length || parser->source[parser->marked + 1] != '\n'))) {
      parser->line++;
      parser->column = 1;
    } else if ((c & 0xC0) != 0x80) {
      parser->column++;
    }
  }
}

static gboolean
fail_at (Parser *parser, gsize offset, VcImportError code, const char *what, GError **error)
{
  mark (parser, offset);
  g_set_error (error, VC_IMPORT_ERROR, code, "%s:%u:%u: %s", parser->json->name, parser->line, parser->column, what);
  return FALSE;
}

static gboolean
fail (Parser *parser, const char *what, GError **error)
{
  if (parser->at == parser->length && parser->partial) {
    parser->is_short = TRUE;
    return FALSE;
  }
  if (parser->at == parser->length)
    what = "the text ends before the JSON value does";
  return fail_at (parser, parser->at, VC_IMPORT_ERROR_FORMAT, what, error);
}

static int
peek (const Parser *parser)
{
  return parser->at < parser->length ? (guchar) parser->source[parser->at] : -1;
}

static void
skip_space (Parser *parser)
{
  while (parser->at < parser->length && vc_json_is_space (parser->source[parser->at]))
    parser->at++;
}

static guint
skip_digits (Parser *parser)
{
  gsize start = parser->at;

  while (parser->at < parser->length && g_ascii_isdigit (parser->source[parser->at]))
    parser->at++;
  return parser->at > start;
}

static gboolean
scan_number (Parser *parser, GError **error)
{
  if (peek (parser) == '-')
    parser->at++;
  if (peek (parser) == '0')
    parser->at++;
  else if (!skip_digits (parser))
    return fail (parser, "this is no JSON value", error);
  if (peek (parser) == '.') {
    parser->at++;
    if (!skip_digits (parser))
      return fail (parser, "a number lacks digits after its point", error);
  }
  if (peek (parser) == 'e' || peek (parser) == 'E') {
    parser->at++;
    if (peek (parser) == '+' || peek (parser) == '-')
      parser->at++;
    if (!skip_digits (parser))
      return fail (parser, "a number lacks digits in its exponent", error);
  }
  return TRUE;
}

static gboolean
scan_hex (Parser *parser, gunichar *unit, GError **error)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++) {
    int digit = peek (parser) < 0 ? -1 : g_ascii_xdigit_value ((char) peek (parser));

    if (digit < 0)
      return fail (parser, "\\u takes four hexadecimal digits", error);
    *unit = *unit << 4 | (gunichar) digit;
    parser->at++;
  }
  return TRUE;
}

/* After \u. A pair of surrogates is one character; one alone is none (RFC 8259, section 8.2), and no UTF-8. */
static gboolean
scan_unicode (Parser *parser, gunichar *c, GError **error)
{
  gsize start = parser->at - 2;
  gunichar low;

  if (!scan_hex (parser, c, error))
    return FALSE;
  if (*c < 0xD800 || *c > 0xDFFF)
    return TRUE;
  if (parser->partial && parser->length - parser->at < 2) {
    parser->is_short = TRUE;
    return FALSE;
  }
  if (*c <= 0xDBFF && parser->length - parser->at >= 2 && memcmp (parser->source + parser->at, "\\u", 2) == 0) {
    parser->at += 2;
    if (!scan_hex (parser, &low, error))
      return FALSE;
    if (low >= 0xDC00 && low <= 0xDFFF) {
      *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
      return TRUE;
    }
  }
  return fail_at (parser, start, VC_IMPORT_ERROR_ENCODING, "half a surrogate pair is no character", error);
}

static gboolean
scan_escape (Parser *parser, char **out, GError **error)
{
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  const char *found = NULL;
  gunichar c;

  parser->at++;
  if (peek (parser) == 'u') {
    parser->at++;
    if (!scan_unicode (parser, &c, error))
      return FALSE;
    *out += g_unichar_to_utf8 (c, *out);
    return TRUE;
  }
  if (peek (parser) > 0)
    found = strchr (names, peek (parser));
  if (found == NULL)
    return fail (parser, "this character cannot be escaped", error);
  parser->at++;
  *(*out)++ = values[found - names];
  return TRUE;
}

/* Up to the next quote, backslash or control character. */
static char *
copy_plain (Parser *parser, char *out)
{
  gsize start = parser->at;

  while (peek (parser) >= 0x20 && peek (parser) != '"' && peek (parser) != '\\')
    parser->at++;
  memcpy (out, parser->source + start, parser->at - start);
  return out + (parser->at - start);
}

/* The resolved text stands at the offset of the opening quote. */
static gboolean
scan_string (Parser *parser, guint32 *text, guint32 *length, GError **error)
{
  char *start = parser->json->text + parser->at;
  char *out = start;

  *text = (guint32) parser->at;
  parser->at++;
  for (;;) {
    out = copy_plain (parser, out);
    if (peek (parser) == '"')
      break;
    if (peek (parser) < 0x20)
      return fail (parser, "a control character stands in a string", error);
    if (!scan_escape (parser, &out, error))
      return FALSE;
  }
  parser->at++;
  *length = (guint32) (out - start);
  return TRUE;
}

static gboolean
scan_word (Parser *parser, Node *node, const char *word, GError **error)
{
  gsize length = strlen (word);

  node->text = (guint32) parser->at;
  node->length = (guint32) length;
  memcpy (parser->json->text + node->text, word, MIN (length, parser->length - parser->at));
  for (gsize i = 0; i < length; i++, parser->at++)
    if (peek (parser) != word[i])
      return fail (parser, "this is no JSON value", error);
  return TRUE;
}

static Node *
append_node (Parser *parser, GError **error)
{
  VcJson *json = parser->json;

  if (json->n_nodes == VC_JSON_MAX_VALUES) {
    fail_at (parser, parser->at, VC_IMPORT_ERROR_LIMIT, "there are more than 262,144 values", error);
    return NULL;
  }
  if (json->n_nodes == json->capacity) {
    guint32 capacity = json->capacity == 0 ? 64 : 2 * json->capacity;
    Node *nodes = vc_buffer_realloc (json->nodes, json->capacity, capacity, sizeof (Node));

    if (nodes == NULL) {
      fail_at (parser, parser->at, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the text", error);
      return NULL;
    }
    json->nodes = nodes;
    json->capacity = capacity;
  }
  if (parser->depth > 0) {
    Level *level = &parser->levels[parser->depth - 1];

    if (level->last == VC_JSON_NONE)
      json->nodes[level->node].first = json->n_nodes;
    else
      json->nodes[level->last].next = json->n_nodes;
    level->last = json->n_nodes;
  }
  json->nodes[json->n_nodes] = (Node) { .first = VC_JSON_NONE, .next = VC_JSON_NONE };
  return &json->nodes[json->n_nodes++];
}

static gboolean
scan_key (Parser *parser, guint32 *key, guint32 *length, GError **error)
{
  Level *level = &parser->levels[parser->depth - 1];

  if (peek (parser) != '"')
    return fail (parser, "a member must begin with its name in quotes", error);
  if (++level->n_members > VC_JSON_MAX_MEMBERS)
    return fail_at (parser, parser->at, VC_IMPORT_ERROR_LIMIT, "an object has more than 65,536 members", error);
  if (!scan_string (parser, key, length, error))
    return FALSE;
  skip_space (parser);
  if (peek (parser) != ':')
    return fail (parser, "a colon must follow the name of a member", error);
  parser->at++;
  skip_space (parser);
  return TRUE;
}

static gboolean
open_level (Parser *parser, Node *node, GError **error)
{
  node->type = peek (parser) == '{' ? VC_JSON_OBJECT : VC_JSON_ARRAY;
  if (parser->depth == VC_JSON_MAX_DEPTH)
    return fail_at (parser, parser->at, VC_IMPORT_ERROR_LIMIT, "arrays and objects stand more than 64 deep", error);
  parser->levels[parser->depth++] = (Level) { .node = (guint32) (node - parser->json->nodes), .last = VC_JSON_NONE };
  parser->at++;
  return TRUE;
}

static gboolean
in_object (const Parser *parser)
{
  return parser->depth > 0 && parser->json->nodes[parser->levels[parser->depth - 1].node].type == VC_JSON_OBJECT;
}

static gboolean
scan_scalar (Parser *parser, Node *node, GError **error)
{
  switch (peek (parser)) {
    case '"':
      node->type = VC_JSON_STRING;
      return scan_string (parser, &node->text, &node->length, error);
    case 't':
      node->type = VC_JSON_BOOLEAN;
      return scan_word (parser, node, "true", error);
    case 'f':
      node->type = VC_JSON_BOOLEAN;
      return scan_word (parser, node, "false", error);
    case 'n':
      node->type = VC_JSON_NULL;
      return scan_word (parser, node, "null", error);
    default:
      node->type = VC_JSON_NUMBER;
      node->text = (guint32) parser->at;
      if (!scan_number (parser, error))
        return FALSE;
      node->length = (guint32) parser->at - node->text;
      memcpy (parser->json->text + node->text, parser->source + node->text, node->length);
      return TRUE;
  }
}

/* One value with its name; of an array or object, what opens it. */
static gboolean
scan_value (Parser *parser, gboolean *opened, GError **error)
{
  guint32 key = 0, key_length = 0;
  Node *node;

  if (in_object (parser) && !scan_key (parser, &key, &key_length, error))
    return FALSE;
  node = append_node (parser, error);
  if (node == NULL)
    return FALSE;
  mark (parser, parser->at);
  node->line = parser->line;
  node->column = parser->column;
  node->key = key;
  node->key_length = key_length;
  *opened = peek (parser) == '[' || peek (parser) == '{';
  return *opened ? open_level (parser, node, error) : scan_scalar (parser, node, error);
}

/* After a value: closes what ends here, and says whether another value follows. */
static gboolean
scan_ends (Parser *parser, gboolean opened, gboolean *more, GError **error)
{
  for (;; opened = FALSE) {
    skip_space (parser);
    *more = parser->depth > 0;
    if (!*more)
      return TRUE;
    if (peek (parser) != (in_object (parser) ? '}' : ']'))
      break;
    parser->at++;
    parser->depth--;
  }
  if (opened)
    return TRUE;
  if (peek (parser) != ',')
    return fail (parser, "a comma or the end of the array or object must follow", error);
  parser->at++;
  skip_space (parser);
  return TRUE;
}

static gboolean
scan_whole_value (Parser *parser, GError **error)
{
  gboolean opened = FALSE;
  gboolean more = TRUE;

  while (more)
    if (!scan_value (parser, &opened, error) || !scan_ends (parser, opened, &more, error))
      return FALSE;
  return TRUE;
}

static gboolean
scan_document (Parser *parser, GError **error)
{
  if (!scan_whole_value (parser, error))
    return FALSE;
  return parser->at == parser->length || fail (parser, "nothing may follow the JSON value", error);
}

static gboolean
check_text (Parser *parser, GError **error)
{
  const char *end;

  if (parser->length > VC_JSON_MAX_SIZE)
    return fail_at (parser, 0, VC_IMPORT_ERROR_LIMIT, "the text is larger than 16 MiB", error);
  if (!g_utf8_validate_len (parser->source, parser->length, &end))
    return fail_at (parser, (gsize) (end - parser->source),
                    *end == '\0' ? VC_IMPORT_ERROR_NUL : VC_IMPORT_ERROR_ENCODING,
                    *end == '\0' ? "a NUL byte stands in the text" : "the text is not valid UTF-8", error);
  if (parser->length >= 3 && memcmp (parser->source, "\xEF\xBB\xBF", 3) == 0)
    parser->at = parser->marked = 3;
  skip_space (parser);
  if (parser->at == parser->length)
    return fail_at (parser, parser->at, VC_IMPORT_ERROR_EMPTY, "the text is empty", error);
  return TRUE;
}

static gboolean
make_room (VcJson *self, gsize length, GError **error)
{
  char *text;

  if (length <= self->text_room)
    return TRUE;
  text = vc_buffer_new (char, length);
  if (text == NULL) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory for the text", self->name);
    return FALSE;
  }
  vc_buffer_free (self->text);
  self->text = text;
  self->text_room = length;
  return TRUE;
}

VcJson *
vc_json_new (const char *name)
{
  VcJson *self = g_new0 (VcJson, 1);

  self->name = g_strdup (name);
  return self;
}

/* A byte-order mark is skipped. A name that stands twice in an object is an error only where it is asked for. */
VcJson *
vc_json_parse (const char *text, gsize length, const char *name, GError **error)
{
  g_autoptr (VcJson) self = vc_json_new (name);
  Parser parser = { .json = self, .source = text, .length = length, .line = 1, .column = 1 };

  if (!check_text (&parser, error) || !make_room (self, length, error))
    return NULL;
  return scan_document (&parser, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
vc_json_parse_piece (VcJson *self, VcJsonPiece *piece, GError **error)
{
  Parser parser = { .json = self,
                    .source = piece->text,
                    .length = piece->length,
                    .line = piece->line,
                    .column = piece->column,
                    .partial = piece->partial };
  gboolean ok;

  if (!make_room (self, piece->length, error))
    return FALSE;
  self->n_nodes = 0;
  ok = scan_whole_value (&parser, error);
  /* A number may go on, and what begins here may be more than one byte. */
  piece->is_short = ok ? piece->partial && parser.at == parser.length : parser.is_short;
  piece->used = parser.at;
  return ok || piece->is_short;
}

VcJsonType
vc_json_get_type (const VcJson *self, guint32 value)
{
  return self->nodes[value].type;
}

guint32
vc_json_first (const VcJson *self, guint32 value)
{
  return self->nodes[value].first;
}

guint32
vc_json_next (const VcJson *self, guint32 value)
{
  return self->nodes[value].next;
}

const char *
vc_json_peek_text (const VcJson *self, guint32 value, gsize *length)
{
  *length = self->nodes[value].length;
  return self->text + self->nodes[value].text;
}

const char *
vc_json_peek_name (const VcJson *self, guint32 member, gsize *length)
{
  *length = self->nodes[member].key_length;
  return self->text + self->nodes[member].key;
}

void
vc_json_locate (const VcJson *self, guint32 value, guint *line, guint *column)
{
  *line = self->nodes[value].line;
  *column = self->nodes[value].column;
}

gboolean
vc_json_member (const VcJson *self, guint32 object, const char *name, guint32 *value, GError **error)
{
  gsize length = strlen (name);

  *value = VC_JSON_NONE;
  if (self->nodes[object].type != VC_JSON_OBJECT) {
    g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_FORMAT, "%s:%u:%u: an object must stand here", self->name,
                 self->nodes[object].line, self->nodes[object].column);
    return FALSE;
  }
  for (guint32 i = self->nodes[object].first; i != VC_JSON_NONE; i = self->nodes[i].next) {
    if (self->nodes[i].key_length != length || memcmp (self->text + self->nodes[i].key, name, length) != 0)
      continue;
    if (*value != VC_JSON_NONE) {
      g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_DUPLICATE, "%s:%u:%u: the member \"%s\" stands twice",
                   self->name, self->nodes[i].line, self->nodes[i].column, name);
      return FALSE;
    }
    *value = i;
  }
  return TRUE;
}
