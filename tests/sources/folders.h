/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "valuechain/valuechain.h"

/* A folder for one test: `char *folder = make_folder ();` ... `drop_folder (folder);` */
char    *make_folder   (void);
void     drop_folder   (char *folder);
/* A folder in `parent` with these files: name, content, name, content, ..., NULL. Returns its path. */
char    *put_files     (const char *parent, const char *name, ...) G_GNUC_NULL_TERMINATED;
void     put_file      (const char *folder, const char *name, const char *content, gssize length);
/* The same, compressed. */
void     put_gzip      (const char *folder, const char *name, const char *content);
char    *get_file      (const char *folder, const char *name);
/* Names of what stands in a folder, sorted, joined by spaces. */
char    *list_folder   (const char *folder);

VcChain *load_folder   (const char *path, GError **error);
/* Loads what must load. */
VcChain *expect_chain  (const char *path);
/* Fails with this code and message. */
void     expect_error  (const char *path, GQuark domain, int code, const char *message);
/* A chain with every kind of record and text that is hard to write; `variant` changes it. */
VcChain *hard_chain    (guint variant);
/* Value of a row of the report, or -1. */
gint64   report_count  (VcSource *source, const char *what);
