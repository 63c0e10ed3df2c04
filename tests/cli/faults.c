/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loaded before the C library (LD_PRELOAD): calls that VC_TEST_FAIL names fail, and at those that VC_TEST_KILL names
 * the process is killed. Of fsync() only that of a folder does. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef int (*Rename) (const char *old, const char *new);
typedef int (*RenameAt) (int from, const char *old, int to, const char *new);
typedef int (*Sync) (int fd);

int rename (const char *old, const char *new);
int renameat (int from, const char *old, int to, const char *new);
int fsync (int fd);

static int
is_named (const char *variable, const char *call)
{
  const char *value = getenv (variable);
  const char *found = value != NULL ? strstr (value, call) : NULL;
  const size_t length = strlen (call);

  return found != NULL && (found[length] == '\0' || found[length] == ' ');
}

static int
fails (const char *call)
{
  if (is_named ("VC_TEST_KILL", call))
    raise (SIGKILL);
  errno = EIO;
  return is_named ("VC_TEST_FAIL", call);
}

int
rename (const char *old, const char *new)
{
  return fails ("rename") ? -1 : ((Rename) dlsym (RTLD_NEXT, "rename")) (old, new);
}

int
renameat (int from, const char *old, int to, const char *new)
{
  return fails ("renameat") ? -1 : ((RenameAt) dlsym (RTLD_NEXT, "renameat")) (from, old, to, new);
}

int
fsync (int fd)
{
  struct stat info;

  if (fstat (fd, &info) == 0 && S_ISDIR (info.st_mode) && fails ("fsync"))
    return -1;
  return ((Sync) dlsym (RTLD_NEXT, "fsync")) (fd);
}
