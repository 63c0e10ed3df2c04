/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vc-strings-private.h"

#include <string.h>
#include <sys/random.h>

#include "base/vc-buffer-private.h"

/* Open addressing, at most three quarters full. A slot is a quarter of a cache line, and a whole line is looked through
 * before the next: most look-ups touch one line of memory only, and each such miss costs more than all else together.
 * Labels of up to eight bytes live in their slot; for longer ones the slot keeps the whole hash, and the text is
 * compared only where that agrees. */
typedef struct {
  guint64 key;    /* the text itself, padded with zeros; or its hash */
  guint32 length; /* of the text */
  gint32 code;    /* -1: free */
} Slot;

#define SHORT_LENGTH 8
#define FIRST_SLOTS ((gsize) 64)
#define LINE_SLOTS ((gsize) 4)
#define BATCH 32

struct _VcInterner
{
  guint64 secret[2];          /* for long texts */
  unsigned __int128 factor;   /* for short ones */
  unsigned __int128 summand;
  Slot *slots;
  gsize mask; /* slots - 1 */
  gint32 *offsets;
  gsize offsets_room;
  char *text;
  gsize text_room;
  guint32 n_labels;
  VcStrings *shared; /* what offsets and text belong to, or NULL: the interner */
};

static inline guint64
rotate (guint64 x, int by)
{
  return x << by | x >> (64 - by);
}

static inline void
sip_round (guint64 v[4])
{
  v[0] += v[1], v[1] = rotate (v[1], 13) ^ v[0], v[0] = rotate (v[0], 32);
  v[2] += v[3], v[3] = rotate (v[3], 16) ^ v[2];
  v[0] += v[3], v[3] = rotate (v[3], 21) ^ v[0];
  v[2] += v[1], v[1] = rotate (v[1], 17) ^ v[2], v[2] = rotate (v[2], 32);
}

static inline void
sip_absorb (guint64 v[4], guint64 word)
{
  v[3] ^= word;
  sip_round (v);
  v[0] ^= word;
}

/* Up to eight bytes as a little-endian word. */
static inline guint64
load_short (const char *text, gsize length)
{
  guint64 word = 0;

  if (length == SHORT_LENGTH)
    memcpy (&word, text, SHORT_LENGTH);
  else
    for (gsize i = 0; i < length; i++)
      word |= (guint64) (guint8) text[i] << (8 * i);
  return length == SHORT_LENGTH ? GUINT64_FROM_LE (word) : word;
}

/* SipHash-1-3 (Aumasson, Bernstein 2012) of whole words and the last, partial one. Without the secret nobody can choose
 * texts that collide, which would make look-ups linear. */
static inline guint64
sip_hash (const guint64 secret[2], const char *text, gsize length, guint64 last)
{
  guint64 v[4] = {
    secret[0] ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
    secret[1] ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
    secret[0] ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
    secret[1] ^ G_GUINT64_CONSTANT (0x7465646279746573),
  };

  for (; length >= 8; text += 8, length -= 8)
    sip_absorb (v, load_short (text, 8));
  sip_absorb (v, last);
  v[2] ^= 0xff;
  sip_round (v);
  sip_round (v);
  sip_round (v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static guint64
hash_text (const VcInterner *self, const char *text, gsize length)
{
  gsize tail = length % 8;

  return sip_hash (self->secret, text, length, load_short (text + length - tail, tail) | (guint64) length << 56);
}

/* Short texts are hashed by the word that their slot keeps: the upper half of a * word + b in 128 bits. Over all a and
 * b, which are secret, any two words fall anywhere independently of each other (Dietzfelbinger 1996), whoever chose
 * them; and it takes a third of the time. Independence in pairs does not make every chosen set harmless to linear
 * probing, but n words take O(n log n) steps on average over the secrets (Pagh, Pagh, Ruzic 2009), which are drawn anew
 * for each column: t times that happens once in t files, and no file can be made to do it. A short and a long text may
 * well meet; their lengths differ. */
static inline guint64
hash_short (const VcInterner *self, guint64 word)
{
  return (guint64) ((self->factor * word + self->summand) >> 64);
}

static inline guint64
slot_hash (const VcInterner *self, const Slot *slot)
{
  return slot->length <= SHORT_LENGTH ? hash_short (self, slot->key) : slot->key;
}

/* Hash and key of a text. */
static inline guint64
digest (const VcInterner *self, const char *text, gsize length, guint64 *key)
{
  if (length <= SHORT_LENGTH) {
    *key = load_short (text, length);
    return hash_short (self, *key);
  }
  *key = hash_text (self, text, length);
  return *key;
}

VcInterner *
vc_interner_new (void)
{
  VcInterner *self = g_try_new0 (VcInterner, 1);

  if (self == NULL)
    return NULL;
  if (getentropy (self->secret, sizeof self->secret) == 0 && getentropy (&self->factor, sizeof self->factor) == 0
      && getentropy (&self->summand, sizeof self->summand) == 0)
    return self;
  g_free (self);
  return NULL;
}

static void
forget (VcInterner *self)
{
  self->slots = NULL;
  self->offsets = NULL;
  self->text = NULL;
  self->mask = self->offsets_room = self->text_room = 0;
  self->n_labels = 0;
}

void
vc_interner_free (VcInterner *self)
{
  if (self == NULL)
    return;
  vc_buffer_free (self->slots);
  if (self->shared != NULL) {
    vc_strings_unref (self->shared);
  } else {
    vc_buffer_free (self->offsets);
    vc_buffer_free (self->text);
  }
  g_free (self);
}

static inline gboolean
slot_has (const VcInterner *self, const Slot *slot, guint64 key, const char *text, gsize length)
{
  return slot->key == key && slot->length == length
         && (length <= SHORT_LENGTH || memcmp (self->text + self->offsets[slot->code], text, length) == 0);
}

/* The slot that is looked at after slot `i` where slot `home` was the first: round its line, then on to the next. */
static inline gsize
next_slot (gsize i, gsize home, gsize mask)
{
  gsize next = (i & ~(LINE_SLOTS - 1)) | ((i + 1) & (LINE_SLOTS - 1));

  return ((next ^ home) & (LINE_SLOTS - 1)) != 0 ? next : (next + LINE_SLOTS) & mask;
}

/* The slot of the text, or the free one where it belongs. */
static inline Slot *
find (const VcInterner *self, guint64 hash, guint64 key, const char *text, gsize length)
{
  const gsize home = hash & self->mask;
  gsize i = home;

  while (self->slots[i].code >= 0 && !slot_has (self, &self->slots[i], key, text, length))
    i = next_slot (i, home, self->mask);
  return &self->slots[i];
}

/* Into the first free slot from its home on; it stands in none. */
static inline void
place (Slot *slots, gsize mask, guint64 hash, Slot slot)
{
  const gsize home = hash & mask;
  gsize i = home;

  while (slots[i].code >= 0)
    i = next_slot (i, home, mask);
  slots[i] = slot;
}

static gboolean
set_slots (VcInterner *self, gsize n)
{
  Slot *slots = vc_buffer_new (Slot, n);

  if (slots == NULL)
    return FALSE;
  memset (slots, 0xff, n * sizeof (Slot));
  for (gsize i = 0; self->slots != NULL && i <= self->mask; i++)
    if (self->slots[i].code >= 0)
      place (slots, n - 1, slot_hash (self, &self->slots[i]), self->slots[i]);
  vc_buffer_free (self->slots);
  self->slots = slots;
  self->mask = n - 1;
  return TRUE;
}

static gboolean
grow_slots (VcInterner *self)
{
  return set_slots (self, self->slots == NULL ? FIRST_SLOTS : 2 * (self->mask + 1));
}

gboolean
vc_interner_reserve (VcInterner *self, guint32 n_labels)
{
  gsize n = FIRST_SLOTS;

  while (n / 4 * 3 < n_labels)
    n *= 2;
  return (self->slots != NULL && self->mask + 1 >= n) || set_slots (self, n);
}

static gboolean
grow_offsets (VcInterner *self)
{
  gsize room = self->offsets_room == 0 ? FIRST_SLOTS : 2 * self->offsets_room;
  gint32 *offsets = vc_buffer_realloc (self->offsets, self->offsets_room, room, sizeof (gint32));

  if (offsets == NULL)
    return FALSE;
  if (self->offsets_room == 0)
    offsets[0] = 0;
  self->offsets = offsets;
  self->offsets_room = room;
  return TRUE;
}

static gboolean
grow_text (VcInterner *self, gsize least)
{
  gsize room = MAX (least, MAX (16 * FIRST_SLOTS, 2 * self->text_room));
  char *text = vc_buffer_realloc (self->text, self->text_room, room, 1);

  if (text == NULL)
    return FALSE;
  self->text = text;
  self->text_room = room;
  return TRUE;
}

/* Makes room for one more label of that length; where labels are shared, others read them. */
static inline gboolean
make_room (VcInterner *self, gsize length)
{
  gsize end;

  g_return_val_if_fail (self->shared == NULL, FALSE);
  if (self->slots == NULL || self->n_labels >= (self->mask + 1) / 4 * 3)
    if (!grow_slots (self))
      return FALSE;
  if ((gsize) self->n_labels + 2 > self->offsets_room && !grow_offsets (self))
    return FALSE;
  if (self->n_labels >= G_MAXINT32 - 1 || length > (gsize) (G_MAXINT32 - self->offsets[self->n_labels]))
    return FALSE;
  end = (gsize) self->offsets[self->n_labels] + length;
  return end <= self->text_room && self->text != NULL ? TRUE : grow_text (self, end);
}

static gint32
add_hashed (VcInterner *self, guint64 hash, guint64 key, const char *text, gsize length)
{
  Slot *slot;

  if (self->slots != NULL) {
    slot = find (self, hash, key, text, length);
    if (slot->code >= 0)
      return slot->code;
  }
  if (!make_room (self, length))
    return -1;
  slot = find (self, hash, key, text, length);
  *slot = (Slot) { .key = key, .length = (guint32) length, .code = (gint32) self->n_labels };
  if (length > 0)
    memcpy (self->text + self->offsets[self->n_labels], text, length);
  self->offsets[self->n_labels + 1] = self->offsets[self->n_labels] + (gint32) length;
  self->n_labels++;
  return slot->code;
}

gint32
vc_interner_add (VcInterner *self, const char *text, gsize length)
{
  guint64 key;
  guint64 hash = digest (self, text, length, &key);

  return add_hashed (self, hash, key, text, length);
}

typedef struct {
  guint64 hash;
  guint64 key;
} Digest;

/* Hashes a batch and asks for its slots before anybody looks at the first: the misses of a large table then overlap. */
static inline void
digest_batch (const VcInterner *self, const char *base, const VcSlice *slices, gsize n, Digest *digests)
{
  for (gsize i = 0; i < n; i++) {
    digests[i].hash = digest (self, base + slices[i].start, slices[i].length, &digests[i].key);
    if (self->slots != NULL)
      __builtin_prefetch (&self->slots[digests[i].hash & self->mask]);
  }
}

gboolean
vc_interner_add_many (VcInterner *self, const char *base, const VcSlice *slices, gsize n, gint32 *codes)
{
  Digest digests[BATCH];

  for (gsize start = 0; start < n; start += BATCH) {
    gsize end = MIN (n, start + BATCH);

    digest_batch (self, base, slices + start, end - start, digests);
    for (gsize i = start; i < end; i++) {
      const Digest *one = &digests[i - start];

      codes[i] = add_hashed (self, one->hash, one->key, base + slices[i].start, slices[i].length);
      if (codes[i] < 0)
        return FALSE;
    }
  }
  return TRUE;
}

void
vc_interner_lookup_many (const VcInterner *self, const char *base, const VcSlice *slices, gsize n, gint32 *codes)
{
  Digest digests[BATCH];

  for (gsize start = 0; start < n; start += BATCH) {
    gsize end = MIN (n, start + BATCH);

    digest_batch (self, base, slices + start, end - start, digests);
    for (gsize i = start; i < end; i++) {
      const Digest *one = &digests[i - start];

      codes[i]
        = self->slots == NULL ? -1 : find (self, one->hash, one->key, base + slices[i].start, slices[i].length)->code;
    }
  }
}

gint32
vc_interner_lookup (const VcInterner *self, const char *text, gsize length)
{
  guint64 key;
  guint64 hash = digest (self, text, length, &key);

  return self->slots == NULL ? -1 : find (self, hash, key, text, length)->code;
}

guint32
vc_interner_size (const VcInterner *self)
{
  return self->n_labels;
}

const char *
vc_interner_peek (const VcInterner *self, guint32 code, gsize *length)
{
  *length = (gsize) (self->offsets[code + 1] - self->offsets[code]);
  return self->text + self->offsets[code];
}

VcStrings *
vc_interner_finish (VcInterner *self)
{
  gint32 *offsets;
  char *text;
  guint32 n_labels = self->n_labels;

  g_return_val_if_fail (self->shared == NULL, NULL);

  if ((self->offsets == NULL && !grow_offsets (self)) || (self->text == NULL && !grow_text (self, 0)))
    return NULL;
  vc_buffer_free (self->slots);
  offsets = g_steal_pointer (&self->offsets);
  text = g_steal_pointer (&self->text);
  forget (self);
  return vc_strings_new_take (n_labels, offsets, text);
}

VcStrings *
vc_interner_share (VcInterner *self)
{
  g_return_val_if_fail (self->shared == NULL, NULL);

  if ((self->offsets == NULL && !grow_offsets (self)) || (self->text == NULL && !grow_text (self, 0)))
    return NULL;
  self->shared = vc_strings_new_take (self->n_labels, self->offsets, self->text);
  if (self->shared != NULL)
    return vc_strings_ref (self->shared);
  g_clear_pointer (&self->slots, vc_buffer_free);
  forget (self);
  return NULL;
}

/* Finds a place for each label; a second one of the same text would never be found. */
static gboolean
place_labels (VcInterner *self)
{
  for (guint32 code = 0; code < self->n_labels; code++) {
    const char *text = self->text + self->offsets[code];
    const gsize length = (gsize) (self->offsets[code + 1] - self->offsets[code]);
    guint64 key;
    const guint64 hash = digest (self, text, length, &key);
    Slot *slot = find (self, hash, key, text, length);

    g_return_val_if_fail (slot->code < 0, FALSE);
    *slot = (Slot) { .key = key, .length = (guint32) length, .code = (gint32) code };
  }
  return TRUE;
}

VcInterner *
vc_interner_new_of (VcStrings *labels)
{
  VcInterner *self;

  g_return_val_if_fail (labels->n_labels < G_MAXINT32, NULL);

  self = vc_interner_new ();
  if (self == NULL)
    return NULL;
  self->shared = vc_strings_ref (labels);
  self->n_labels = labels->n_labels;
  self->offsets = (gint32 *) labels->offsets;
  self->text = (char *) labels->text;
  if (vc_interner_reserve (self, labels->n_labels) && place_labels (self))
    return self;
  vc_interner_free (self);
  return NULL;
}
