/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Calls to the system that the linker leads through here (--wrap), counted while armed. */
typedef enum {
  FAULT_NONE,
  FAULT_ONCE,    /* the n-th call fails */
  FAULT_FOREVER, /* and all after it */
  FAULT_KILL,    /* the process is killed before the n-th call */
} Fault;

/* `no_exchange`: the file system knows no flags of renameat2(). */
void  fault_arm    (Fault fault, guint n, gboolean no_exchange);
/* Calls since it was armed. */
guint fault_disarm (void);
/* Whether the file system knows files without a name (it does at first), and whether a write writes half of what it is
 * given (it does not). */
void  fault_set_features (gboolean nameless, gboolean short_writes);
/* Calls `act` once, when this name is opened the next time, before it is. */
void  fault_when_opened (const char *name, void (*act) (gpointer data), gpointer data);
/* Calls `act` once, when a folder that was opened is to be listed the next time, before it is. */
void  fault_when_listed  (void (*act) (gpointer data), gpointer data);
/* Whether a file can have a second name (it can at first). */
void  fault_set_links    (gboolean links);
/* Whether it can be seen what stands in a folder (it can at first). */
void  fault_set_looks    (gboolean looks);
/* Called before each counted call, with its name and the path that it is about, or NULL: another program, which is at
 * the same place at the same time. Its own calls are not counted. */
typedef void (*FaultVisitor) (const char *call, const char *path);
void  fault_set_visitor  (FaultVisitor visitor);
/* Called before each look at a cancellable that is no step of a database, armed or not. */
void  fault_set_looker   (void (*looker) (void));
/* Cancels it before the `at`-th look at it, by whatever thread and step of a database; 0: never. Counts looks at it
 * from here on. */
void  fault_cancel_at    (GCancellable *cancellable, guint at);
guint fault_count_looks  (void);
