/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/vc-error.h"

G_BEGIN_DECLS

/* A strict reader of JSON (RFC 8259) for small documents: a flat list of values in the order of the text. */
typedef struct _VcJson VcJson;

typedef enum {
  VC_JSON_NULL,
  VC_JSON_BOOLEAN,
  VC_JSON_NUMBER,
  VC_JSON_STRING,
  VC_JSON_ARRAY,
  VC_JSON_OBJECT,
} VcJsonType;

#define VC_JSON_NONE G_MAXUINT32       /* no such value */
#define VC_JSON_ROOT 0u                /* the value that the text is */
#define VC_JSON_MAX_SIZE (16u << 20)   /* bytes of text */
#define VC_JSON_MAX_DEPTH 64           /* arrays and objects inside each other */
#define VC_JSON_MAX_MEMBERS 65536      /* members of one object */
#define VC_JSON_MAX_VALUES (1u << 18)  /* values in all: each takes many times the two bytes that it may have in the text */

/* `name`: what messages call the text. Copies what it needs. */
VcJson     *vc_json_parse     (const char   *text,
                               gsize         length,
                               const char   *name,
                               GError      **error) G_GNUC_WARN_UNUSED_RESULT;
void        vc_json_free      (VcJson       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcJson, vc_json_free)

static inline gboolean
vc_json_is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* A piece of a longer text that begins with a value: how vc-json-stream.c reads one after the other into the same
 * memory. */
typedef struct {
  const char *text; /* valid UTF-8 */
  gsize       length;
  gboolean    partial;  /* more may come after it */
  guint32     line;     /* where it begins */
  guint32     column;
  gboolean    is_short; /* out: the value does not end in it for sure; there is no value then */
  gsize       used;     /* out: bytes up to the end of the value, and space after it */
} VcJsonPiece;

VcJson     *vc_json_new         (const char *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean    vc_json_parse_piece (VcJson *self, VcJsonPiece *piece, GError **error);

VcJsonType  vc_json_get_type  (const VcJson *self, guint32 value);
/* The first value in an array or object and the one after a value; VC_JSON_NONE where there is none. */
guint32     vc_json_first     (const VcJson *self, guint32 value);
guint32     vc_json_next      (const VcJson *self, guint32 value);
/* The member of an object, VC_JSON_NONE where it has none. Fails where the name stands twice, or `object` is no
 * object. */
gboolean    vc_json_member    (const VcJson *self,
                               guint32       object,
                               const char   *name,
                               guint32      *value,
                               GError      **error);
/* Text of a string, escapes resolved; of a number or a word, as it stands. Not NUL-terminated; a string may hold
 * NUL. */
const char *vc_json_peek_text (const VcJson *self, guint32 value, gsize *length);
/* The name of a member of an object. */
const char *vc_json_peek_name (const VcJson *self, guint32 member, gsize *length);
/* Where in the text a value begins; 1-based, the column in characters. */
void        vc_json_locate    (const VcJson *self, guint32 value, guint *line, guint *column);

G_END_DECLS
