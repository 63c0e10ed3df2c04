/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Options and proofs as text. */
#define VC_SETTINGS_MAX_SIZE ((gsize) 1 << 20)
#define VC_SETTINGS_MAX_MEMBERS 1024

/* A dictionary a{sv} as an object of JSON, and the type of each member, in their order, as the type of a tuple: numbers
 * of JSON do not say whether they are whole. What JSON has no word for stands there as a string, in the text form of
 * GVariant. Fails where it would not be read back. `what` is what messages call it. */
gboolean  vc_settings_to_text   (GVariant     *settings,
                                 const char   *what,
                                 char        **json,
                                 char        **types,
                                 GError      **error);
/* The same dictionary, to the last bit. */
GVariant *vc_settings_from_text (const char   *json,
                                 const char   *types,
                                 const char   *what,
                                 GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
