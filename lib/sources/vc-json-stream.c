/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-json-stream-private.h"

#include "base/vc-buffer-private.h"

#include <string.h>

typedef enum {
  AT_BEGINNING,
  AT_FIRST_MEMBER,  /* after the brace */
  AFTER_MEMBER,
  AT_FIRST_ELEMENT, /* after the bracket */
  AFTER_ELEMENT,
} Place;

struct _VcJsonStream
{
  VcInput   *input;
  GCancellable *cancellable;
  VcJson       *json;
  char         *window;
  gsize         room;
  gsize         start; /* what is not yet read of it */
  gsize         valid; /* up to here it may be read */
  gsize         end;   /* up to here it is filled */
  gboolean      ended; /* nothing comes after it */
  gboolean      spoilt; /* no text stands at `valid`: told once it is reached, after what is wrong before it */
  guint32       line;  /* of the start */
  guint32       column;
  Place         place;
  guint         n_members;
  guint64       row;
  char          member[VC_JSON_STREAM_NAME + 1];
};

VcJsonStream *
vc_json_stream_new (VcInput *input, gsize window, GCancellable *cancellable, GError **error)
{
  VcJsonStream *self = g_new0 (VcJsonStream, 1);

  self->input = input;
  self->cancellable = cancellable;
  self->json = vc_json_new (input->file);
  self->window = vc_buffer_new (char, window);
  self->room = window;
  self->line = self->column = 1;
  if (self->window != NULL)
    return self;
  g_set_error (error, VC_IMPORT_ERROR, VC_IMPORT_ERROR_NO_MEMORY, "%s: no memory to read", input->file);
  vc_json_stream_free (self);
  return NULL;
}

void
vc_json_stream_free (VcJsonStream *self)
{
  if (self == NULL)
    return;
  vc_json_free (self->json);
  vc_buffer_free (self->window);
  g_free (self);
}

static gboolean
fail (VcJsonStream *self, VcImportError code, const char *what, GError **error)
{
  g_set_error (error, VC_IMPORT_ERROR, code, "%s:%u:%u: %s", self->input->file, self->line, self->column, what);
  return FALSE;
}

/* Moves the start on, counting lines. */
static void
pass (VcJsonStream *self, gsize n)
{
  for (; n > 0; n--, self->start++) {
    char c = self->window[self->start];

    if (c == '\n' || (c == '\r' && (self->start + 1 == self->valid || self->window[self->start + 1] != '\n'))) {
      self->line++;
      self->column = 1;
    } else if ((c & 0xC0) != 0x80) {
      self->column++;
    }
  }
}

/* Bytes at the end of text that may be the beginning of a character or of a line's end. */
static gsize
count_open (const char *text, gsize length)
{
  gsize n = 0;

  if (length > 0 && text[length - 1] == '\r')
    return 1;
  while (n < length && n < 3 && (text[length - 1 - n] & 0xC0) == 0x80)
    n++;
  if (n < length && (guint8) text[length - 1 - n] >= 0xC0)
    return n + 1;
  return 0;
}

static void
validate (VcJsonStream *self)
{
  gsize length = self->end - self->valid;
  const char *text = self->window + self->valid, *bad;

  if (!self->ended)
    length -= count_open (text, length);
  self->spoilt = !g_utf8_validate_len (text, length, &bad);
  self->valid += self->spoilt ? (gsize) (bad - text) : length;
}

static gboolean
fail_spoilt (VcJsonStream *self, GError **error)
{
  pass (self, self->valid - self->start);
  return self->window[self->valid] == '\0'
           ? fail (self, VC_IMPORT_ERROR_NUL, "a NUL byte stands in the text", error)
           : fail (self, VC_IMPORT_ERROR_ENCODING, "the text is not valid UTF-8", error);
}

/* Room for as much again, once half of the window is not enough. */
static gboolean
make_room (VcJsonStream *self, GError **error)
{
  gsize room = MIN (2 * self->room, VC_JSON_MAX_SIZE);
  char *window;

  memmove (self->window, self->window + self->start, self->end - self->start);
  self->end -= self->start;
  self->valid -= self->start;
  self->start = 0;
  if (self->end <= self->room / 2)
    return TRUE;
  if (self->end >= VC_JSON_MAX_SIZE)
    return fail (self, VC_IMPORT_ERROR_LIMIT, "a value is larger than 16 MiB", error);
  window = vc_buffer_realloc (self->window, self->end, room, 1);
  if (window == NULL)
    return fail (self, VC_IMPORT_ERROR_NO_MEMORY, "no memory for the text", error);
  self->window = window;
  self->room = room;
  return TRUE;
}

static gboolean
fill (VcJsonStream *self, GError **error)
{
  gssize n;

  if (self->spoilt)
    return fail_spoilt (self, error);
  if (!make_room (self, error))
    return FALSE;
  n = vc_input_fill (self->input, self->window + self->end, self->room - self->end, self->cancellable, error);
  if (n < 0)
    return FALSE;
  self->ended = (gsize) n < self->room - self->end;
  self->end += (gsize) n;
  validate (self);
  return TRUE;
}

/* The next byte that is no space; -1: the text ends; -2: it cannot be read. */
static int
peek (VcJsonStream *self, GError **error)
{
  for (;;) {
    gsize n = 0;

    while (self->start + n < self->valid && vc_json_is_space (self->window[self->start + n]))
      n++;
    pass (self, n);
    if (self->start < self->valid)
      return (guint8) self->window[self->start];
    if (self->ended && !self->spoilt)
      return -1;
    if (!fill (self, error))
      return -2;
  }
}

/* After peek(): the value that begins there. */
static gboolean
read_value (VcJsonStream *self, GError **error)
{
  for (;;) {
    VcJsonPiece piece = { .text = self->window + self->start,
                          .length = self->valid - self->start,
                          .partial = !self->ended || self->spoilt,
                          .line = self->line,
                          .column = self->column };

    if (!vc_json_parse_piece (self->json, &piece, error))
      return FALSE;
    if (!piece.is_short) {
      pass (self, piece.used);
      return TRUE;
    }
    if (!fill (self, error))
      return FALSE;
  }
}

static gboolean
expect (VcJsonStream *self, int found, char expected, const char *what, GError **error)
{
  if (found == -2)
    return FALSE;
  if (found != expected)
    return fail (self, VC_IMPORT_ERROR_FORMAT, found == -1 ? "the text ends before the JSON value does" : what, error);
  pass (self, 1);
  return TRUE;
}

static gboolean
begin (VcJsonStream *self, GError **error)
{
  int c;

  if (!fill (self, error))
    return FALSE;
  if (self->valid >= 3 && memcmp (self->window, "\xEF\xBB\xBF", 3) == 0)
    self->start = 3;
  c = peek (self, error);
  if (c == -1)
    return fail (self, VC_IMPORT_ERROR_EMPTY, "the text is empty", error);
  self->place = AT_FIRST_MEMBER;
  return expect (self, c, '{', "an object must stand here", error);
}

static gboolean
read_name (VcJsonStream *self, GError **error)
{
  const char *text;
  gsize length;
  int c = peek (self, error);

  if (c == -2)
    return FALSE;
  if (c != '"')
    return fail (self, VC_IMPORT_ERROR_FORMAT, c == -1 ? "the text ends before the JSON value does"
                                                       : "a member must begin with its name in quotes", error);
  if (++self->n_members > VC_JSON_MAX_MEMBERS)
    return fail (self, VC_IMPORT_ERROR_LIMIT, "an object has more than 65,536 members", error);
  if (!read_value (self, error))
    return FALSE;
  text = vc_json_peek_text (self->json, VC_JSON_ROOT, &length);
  length = MIN (length, VC_JSON_STREAM_NAME);
  memcpy (self->member, text, length);
  self->member[length] = '\0';
  return expect (self, peek (self, error), ':', "a colon must follow the name of a member", error);
}

static gboolean
begin_member (VcJsonStream *self, VcJsonItem *item, GError **error)
{
  int c;

  if (!read_name (self, error))
    return FALSE;
  c = peek (self, error);
  if (c == -2)
    return FALSE;
  item->type = c == '[' ? VC_JSON_ITEM_LIST : VC_JSON_ITEM_MEMBER;
  if (c == '[') {
    pass (self, 1);
    self->place = AT_FIRST_ELEMENT;
    self->row = 0;
    return TRUE;
  }
  self->place = AFTER_MEMBER;
  return read_value (self, error);
}

static gboolean
end (VcJsonStream *self, VcJsonItem *item, GError **error)
{
  int c;

  pass (self, 1);
  item->type = VC_JSON_ITEM_END;
  c = peek (self, error);
  return c == -1 || (c >= 0 && fail (self, VC_IMPORT_ERROR_FORMAT, "nothing may follow the JSON value", error));
}

static gboolean
next_member (VcJsonStream *self, int c, VcJsonItem *item, GError **error)
{
  if (c == '}')
    return end (self, item, error);
  if (self->place == AFTER_MEMBER
      && !expect (self, c, ',', "a comma or the end of the array or object must follow", error))
    return FALSE;
  return begin_member (self, item, error);
}

static gboolean
next_element (VcJsonStream *self, int c, VcJsonItem *item, GError **error)
{
  if (self->place == AFTER_ELEMENT
      && !expect (self, c, ',', "a comma or the end of the array or object must follow", error))
    return FALSE;
  self->place = AFTER_ELEMENT;
  item->type = VC_JSON_ITEM_ELEMENT;
  item->row = ++self->row;
  return peek (self, error) != -2 && read_value (self, error);
}

gboolean
vc_json_stream_next (VcJsonStream *self, VcJsonItem *item, GError **error)
{
  int c;

  *item = (VcJsonItem) { .member = self->member, .json = self->json };
  if (self->place == AT_BEGINNING && !begin (self, error))
    return FALSE;
  c = peek (self, error);
  if (c == ']' && self->place >= AT_FIRST_ELEMENT) {
    pass (self, 1);
    self->place = AFTER_MEMBER;
    c = peek (self, error);
  }
  if (c == -2)
    return FALSE;
  return self->place >= AT_FIRST_ELEMENT ? next_element (self, c, item, error) : next_member (self, c, item, error);
}
