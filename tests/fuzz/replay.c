/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzzer's function on each file of the folders named, where the compiler has no fuzzing engine. */
#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
replay_folder (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    g_autofree char *contents = NULL;
    gsize length;

    if (!g_file_get_contents (file, &contents, &length, &error))
      break;
    LLVMFuzzerTestOneInput ((const uint8_t *) contents, length);
  }
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return error == NULL;
}

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (!replay_folder (argv[i]))
      return 1;
  return argc > 1 ? 0 : 1;
}
