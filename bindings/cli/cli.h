/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <valuechain/valuechain.h>

G_BEGIN_DECLS

typedef enum {
  CLI_OK = 0,
  CLI_FAILURE = 1,
  CLI_USAGE = 2,
  CLI_INPUT = 3,
  CLI_MEASURE = 4,
  CLI_INTERRUPTED = 130,
  CLI_BROKEN_PIPE = 141,
} CliStatus;

/* What the options of all commands are read into. */
typedef struct {
  gboolean help;
  gboolean version;
  gboolean quiet;
  char    *color;
  char    *progress;
  char   **measures;
  char   **tables;
  char   **options;
  char    *group_by;
  char    *at;
  char    *window;
  char    *threads;
  char    *format;
  char    *output;
  char    *max_rows;
  char    *case_column;
  char    *party_column;
  char    *time_column;
  char    *time_format;
  char    *time_zone;
  char    *customer_column;
  char    *activity_column;
  char    *lifecycle_column;
  char    *amount_column;
  gboolean causal;
  char    *weight;
  char    *relations;
  char    *made_column;
  char    *due_column;
  char    *closed_column;
  char    *kept_column;
  char    *closed_by_column;
  char    *reopened_column;
  char    *owed_to_column;
  char    *unknown;
  char    *mapping;
  char    *missing;
  char    *missing_policy;
  char    *delimiter;
  gboolean lenient;
  gboolean save;
  char   **arguments; /* what is no option */
} CliOptions;

#define CLI_BOLD   "\033[1m"
#define CLI_NORMAL "\033[0m"

typedef struct {
  const CliOptions *options;
  VcReportFormat    format;
  guint             max_rows;
  GCancellable     *cancellable;
  VcProgress       *progress; /* the newest one: main thread and worker use it */
  GPtrArray        *parts;    /* all of them */
  GMutex            lock;     /* of what follows */
  char             *temporary; /* the file that is being written, until it gets its name */
  gboolean          saving;   /* what the library writes: it alone knows how to leave nothing behind */
} CliSession;

/* A verb of the program. run() is called in a thread of its own. */
typedef struct {
  const char *name;
  const char *arguments;
  guint       min_arguments;
  guint       max_arguments;
  const char *summary;
  const char *example;
  CliStatus (*run) (CliSession *session, GError **error);
} CliCommand;

extern const CliCommand cli_score;
extern const CliCommand cli_explain;
extern const CliCommand cli_check;
extern const CliCommand cli_import;
extern const CliCommand cli_convert;
extern const CliCommand cli_append;
extern const CliCommand cli_kept;
extern const CliCommand cli_measures;

/* cli-options.c: the options of `command`, or of the program itself where it is NULL. */
gboolean  cli_options_parse  (CliOptions        *options,
                              const CliCommand  *command,
                              char            ***arguments,
                              GError           **error);
char     *cli_options_help   (const CliCommand  *command);
void      cli_options_clear  (CliOptions        *options);
/* One of `words` (NULL-terminated) or an error; its index, -1 on error. */
int       cli_pick_word      (const char        *option,
                              const char        *value,
                              const char *const *words,
                              GError           **error);

/* cli-session.c: runs a command while the main thread looks after signals and shows how far it has come. */
CliStatus cli_session_run    (const CliCommand  *command,
                              const CliOptions  *options,
                              GError           **error);
/* A progress for the next part of the work, which counts from 0 again. */
VcProgress *cli_session_next (CliSession       *session);
/* From here on the library writes. */
void      cli_session_set_saving (CliSession     *session);
/* What the first argument names; where that may be an event log, the error says how to import one. */
VcSource *cli_open           (CliSession        *session,
                              GError           **error);
/* What a source counted, on standard error: the rows whose name begins with `what`. */
void      cli_say_report     (CliSession        *session,
                              VcSource          *source,
                              const char        *what);

/* cli-report.c: options of measures, of which one at least must have each; the chain that the first argument names, in
 * its window; and a report in the format that was asked for. */
gboolean  cli_set_options    (GPtrArray         *measures,
                              const CliOptions  *options,
                              GError           **error);
VcChain  *cli_load           (CliSession        *session,
                              GError           **error);
gboolean  cli_write_report   (CliSession        *session,
                              VcReport          *report,
                              GError           **error);

/* cli-convert.c: to a chain folder, or to one file where `path` says so. */
gboolean  cli_save           (CliSession        *session,
                              VcChain           *chain,
                              const char        *path,
                              GError           **error);

/* cli-errors.c */
CliStatus cli_status_of      (const GError      *error);
void      cli_say            (const char        *format,
                              ...) G_GNUC_PRINTF (1, 2);
/* What came from a file, without what could steer a terminal. */
char     *cli_safe           (const char        *text);
/* For what somebody typed: exit status 2, whatever the domain of `error` was. */
void      cli_blame_usage    (GError           **error);

/* cli-output.c: the file of --output, atomically, or standard output. */
typedef gboolean (*CliWrite) (GOutputStream *stream, gpointer data, GCancellable *cancellable, GError **error);
gboolean  cli_write          (CliSession        *session,
                              CliWrite           write,
                              gpointer           data,
                              GError           **error);
/* A file that gets its place after something else has been done: it is written and made durable beside that place, and
 * renamed, or dropped. What is written to a device or pipe is written at once. */
gboolean  cli_prepare        (CliSession        *session,
                              const char        *path,
                              CliWrite           write,
                              gpointer           data,
                              GError           **error);
gboolean  cli_place_prepared (CliSession        *session,
                              const char        *path,
                              GError           **error);
void      cli_drop_prepared  (CliSession        *session);
gboolean  cli_write_table    (CliSession        *session,
                              VcTable           *table,
                              GError           **error);
gboolean  cli_puts           (const char        *text,
                              GError           **error);
guint     cli_width          (void);
gboolean  cli_has_color      (const CliSession  *session);

G_END_DECLS
