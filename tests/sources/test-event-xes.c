/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include "event-logs.h"

/* The cases X01 to X20 are those of the list of hostile inputs. */

#define EVENT(party, time)                                                                                             \
  "<event><string key='concept:name' value='do'/><string key='org:resource' value='" party                             \
  "'/><date key='time:timestamp' value='" time "'/></event>"
#define TRACE(name, events) "<trace><string key='concept:name' value='" name "'/>" events "</trace>"
#define TWO EVENT ("a", "2025-01-01T10:00:00Z") EVENT ("b", "2025-01-01T11:00:00Z")
#define GOOD "<?xml version='1.0' encoding='UTF-8'?>\n<log xes.version='1849-2016'>\n" TRACE ("1", TWO) "\n</log>\n"

static VcEventLog *
new_xes (const char *root, const char *content, gssize length)
{
  g_autofree char *path = g_build_filename (root, "log.xes", NULL);

  put_file (root, "log.xes", content, length);
  return g_object_new (VC_TYPE_EVENT_LOG, "path", path, NULL);
}

static void
expect_flows (const char *content, const char *expected)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (root, content, -1);

  assert_flows (log, expected);
  drop_folder (root);
}

static void
expect_xes_error (const char *content, gssize length, int code, const char *message)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (root, content, length);

  assert_refused (log, code, message);
  drop_folder (root);
}

Test (event_xes, is_known_by_content_and_names_its_attributes)
{
  char *root = make_folder ();
  g_autofree char *path = g_build_filename (root, "log.xes", NULL);
  g_autoptr (VcEventLog) log = new_xes (root, GOOD, -1);
  g_autoptr (VcSource) source = vc_source_for_path (path, NULL);
  g_autofree char *packed = g_build_filename (root, "log.csv", NULL);
  g_autoptr (VcEventLog) misnamed = g_object_new (VC_TYPE_EVENT_LOG, "path", packed, NULL);

  cr_assert (VC_IS_EVENT_LOG (source));
  assert_flows (VC_EVENT_LOG (source), "a>b*1");
  assert_flows (log, "a>b*1");
  assert_report (log, "events", 2, "cases", 1, "traces", 1, "hand-overs", 1, "traces without events", -1,
                 "times without zone", -1, NULL);
  put_gzip (root, "log.csv", GOOD);
  assert_flows (misnamed, "a>b*1");
  drop_folder (root);
}

Test (event_xes, attributes_are_of_the_event_or_else_of_its_trace)
{
  static const char *const content = "<log><trace><string key='concept:name' value='1'/><string key='who' value='x'/>"
                                     "<event><string key='concept:name' value='do'/><string key='org:resource' "
                                     "value='a'/><date key='time:timestamp' value='2025-01-01'/></event>"
                                     "<event><string key='who' value='y'/><string key='org:resource' value='b'/><date "
                                     "key='time:timestamp' value='2025-01-02'/></event>"
                                     "<string key='team' value='late'/></trace></log>";
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (root, content, -1);

  g_object_set (log, "customer-column", "who", NULL);
  assert_flows (log, "a>b*1 b>customer:y*1");
  assert_report (log, "cases whose customer changed", 1, "times without zone", 2, NULL);
  g_object_set (log, "customer-column", "case:who", NULL);
  assert_flows (log, "a>b*1 b>customer:x*1");
  g_object_set (log, "customer-column", "team", NULL);
  assert_flows (log, "a>b*1 b>customer:late*1");
  g_object_set (log, "customer-column", "nobody", NULL);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, "/log.xes: field nobody: no event has it (customer-column)");
  g_object_set (log, "customer-column", NULL, "party-column", "concept:name", NULL);
  assert_flows (log, "");
  assert_report (log, "events without party", 1, NULL);
  g_object_set (log, "party-column", "case:who", NULL);
  assert_flows (log, "x>x*1");
  drop_folder (root);
}

Test (event_xes, attributes_of_attributes_are_not_read)
{
  expect_flows ("<log><trace><string key='concept:name' value='1'><string key='concept:name' value='2'/></string>"
                "<event><string key='x' value='y'><string key='org:resource' value='no'/></string><string "
                "key='org:resource' value='a'/>"
                "<date key='time:timestamp' value='2025-01-01'/></event>"
                "<event><list key='l'><values><string key='org:resource' value='no'/></values></list><string "
                "key='org:resource' value='b'/>"
                "<date key='time:timestamp' value='2025-01-02'/></event></trace></log>",
                "a>b*1");
}

Test (event_xes, events_that_lack_something)
{
  static const char *const content
    = "<log><global scope='event'><string key='org:resource' value='UNKNOWN'/></global>\n<trace><string "
      "key='concept:name' value='1'/>" EVENT (
        "a", "2025-01-01T10:00:00Z") "\n<event><date key='time:timestamp' value='2025-01-02'/></event>"
                                     "<event><string key='org:resource' value='c'/></event>" EVENT (
                                       "b", "2025-01-03T10:00:00Z") "</trace><trace>" TWO
                                                                    "</trace><trace/>" EVENT (
                                                                      "z", "2025-01-01T10:00:00Z") "</log>";
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (root, content, -1);

  assert_flows (log, "a>b*1");
  assert_report (log, "events", 7, "cases", 1, "events without party", 1, "events without time", 1,
                 "events without case", 3, "traces", 3, "traces without events", 1, NULL);
  g_object_set (log, "missing-policy", VC_MISSING_POLICY_ERROR, NULL);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, "/log.xes:3: field org:resource: the field is missing");
  g_object_set (log, "missing-policy", VC_MISSING_POLICY_SKIP, "missing", "a", NULL);
  assert_flows (log, "");
  assert_report (log, "events without party", 2, NULL);
  drop_folder (root);
}

Test (event_xes, traces_of_one_name_are_one_case)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (
    root, "<log>" TRACE ("1", TWO) TRACE ("2", "") TRACE ("1", EVENT ("c", "2025-01-01T10:30:00Z")) "</log>", -1);

  assert_flows (log, "a>c*1 c>b*1");
  assert_report (log, "traces", 3, "cases", 1, "traces with the name of another", 1, "traces without events", 1,
                 "cases out of order", 1, NULL);
  drop_folder (root);
}

Test (event_xes, an_attribute_given_twice)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log
    = new_xes (root,
               "<log><trace><string key='concept:name' value='0'/><string key='concept:name' value='1'/>"
               "<event><string key='org:resource' value='x'/><string key='org:resource' value='a'/>"
               "<date key='time:timestamp' value='2025-01-01'/></event>" EVENT ("b", "2025-01-02") "</trace></log>",
               -1);

  assert_flows (log, "a>b*1");
  assert_report (log, "attributes given twice", 2, NULL);
  drop_folder (root);
}

Test (event_xes, classifiers_join_attributes)
{
#define KINDS "<event><string key='role' value='r'/><string key='or g' value='1'/><date key='time:timestamp' value='2025-01-01'/></event>" \
  "<event><string key='or g' value='2'/><date key='time:timestamp' value='2025-01-02'/></event>" \
  "<event><date key='time:timestamp' value='2025-01-03'/></event>"
  static const char *const content
    = "<log><classifier name='Who' scope='event' keys=\"'or g' role none\"/>" TRACE ("1", KINDS) "</log>";
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (root, content, -1);

  g_object_set (log, "party-column", "classifier:Who", NULL);
  assert_flows (log, "1+r+>2++*1");
  assert_report (log, "events without party", 1, "classifier keys that no event has", 1, NULL);
  g_object_set (log, "party-column", "classifier:Nobody", NULL);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, "field classifier:Nobody: the log has no such classifier");
  drop_folder (root);
}

Test (event_xes, of_many_encodings)
{
  static const char latin[] = "<?xml version='1.0' encoding='ISO-8859-1'?><log>" TRACE (
    "1", EVENT ("K\xe5re", "2025-01-01Z") EVENT ("b", "2025-01-02Z")) "</log>";
  char *root = make_folder ();
  gsize n;
  g_autofree char *wide = g_convert ("\xef\xbb\xbf" GOOD, -1, "UTF-16LE", "UTF-8", NULL, &n, NULL);
  g_autofree char *text = wide != NULL ? g_memdup2 (wide, n) : NULL;
  g_autoptr (VcEventLog) log = new_xes (root, "\xef\xbb\xbf" GOOD, -1);

  assert_flows (log, "a>b*1");
  put_file (root, "log.xes", "\n <log xmlns='http://www.xes-standard.org/'>" TRACE ("1", TWO) "</log>", -1);
  assert_flows (log, "a>b*1");
  put_file (root, "log.xes", latin, -1);
  assert_refused (log, VC_IMPORT_ERROR_TIME, NULL);
  cr_assert_not_null (text);
  /* The declaration says UTF-8, which the bytes are not. */
  put_file (root, "log.xes", text, (gssize) n);
  assert_refused (log, VC_IMPORT_ERROR_ENCODING, NULL);
  put_file (root, "log.xes", "<?xml version='1.0' encoding='KOI8-R'?><log/>", -1);
  assert_refused (log, VC_IMPORT_ERROR_ENCODING, NULL);
  drop_folder (root);
}

/* Whoever opened the other end of this pipe would wait for ever. */
static char *
new_trap (const char *root)
{
  char *path = g_build_filename (root, "trap", NULL);

  cr_assert_eq (mkfifo (path, 0600), 0);
  return path;
}

Test (event_xes, X01_to_X03_document_types_are_refused_and_nothing_is_opened, .timeout = 20)
{
  static const char *const refusal = ": a document type is refused: it can define what the text stands for";
  char *root = make_folder ();
  g_autofree char *trap = new_trap (root);
  g_autofree char *big = g_strnfill (200000, 'x');
  g_autofree char *quadratic = g_strconcat ("<?xml version='1.0'?><!DOCTYPE log [<!ENTITY a '", big,
                                            "'>]><log><string key='x' value='&a;&a;&a;'/></log>", NULL);
  g_autofree char *external
    = g_strdup_printf ("<?xml version='1.0'?><!DOCTYPE log [<!ENTITY x SYSTEM 'file://%s'>]><log>&x;</log>", trap);
  g_autofree char *parameter
    = g_strdup_printf ("<?xml version='1.0'?><!DOCTYPE log [<!ENTITY %% x SYSTEM 'file://%s'> %%x;]><log/>", trap);
  g_autofree char *dtd = g_strdup_printf ("<?xml version='1.0'?><!DOCTYPE log SYSTEM 'file://%s'><log/>", trap);
  g_autofree char *include
    = g_strdup_printf ("<log xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file://%s'/></log>", trap);

  expect_xes_error ("<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
                    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><log>&c;</log>", -1, VC_IMPORT_ERROR_FORMAT,
                    refusal);
  expect_xes_error (quadratic, -1, VC_IMPORT_ERROR_FORMAT, refusal);
  expect_xes_error (external, -1, VC_IMPORT_ERROR_FORMAT, refusal);
  expect_xes_error (parameter, -1, VC_IMPORT_ERROR_FORMAT, refusal);
  expect_xes_error (dtd, -1, VC_IMPORT_ERROR_FORMAT, refusal);
  expect_xes_error (include, -1, VC_IMPORT_ERROR_FORMAT, "XES has no such element here");
  drop_folder (root);
}

Test (event_xes, X04_and_X18_addresses_are_texts, .timeout = 20)
{
  char *root = make_folder ();
  g_autofree char *trap = new_trap (root);
  g_autofree char *content = g_strdup_printf (
    "<log xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='http://www.xes-standard.org/ "
    "file://%s' xml:base='file://%s'>"
    "<extension name='a' prefix='a' uri='file://%s'/><extension name='b' prefix='b' uri='http://169.254.169.254/'/>"
    "<extension name='c' prefix='c' uri='../../x'/>" TRACE ("1", TWO) "</log>",
    trap, trap, trap);

  expect_flows (content, "a>b*1");
  drop_folder (root);
}

Test (event_xes, X05_depth, .timeout = 20)
{
  g_autoptr (GString) nested = g_string_new ("<log><trace><event>"), deep = g_string_new ("<log>");

  for (guint i = 0; i < 1000000; i++)
    g_string_append (nested, "<string key='k' value='v'>");
  expect_xes_error (nested->str, -1, VC_IMPORT_ERROR_LIMIT, NULL);
  for (guint i = 0; i < 63; i++)
    g_string_append (deep, "<string key='k' value='v'>");
  for (guint i = 0; i < 63; i++)
    g_string_append (deep, "</string>");
  g_string_append (deep, TRACE ("1", TWO) "</log>");
  expect_flows (deep->str, "a>b*1");
  g_string_insert (deep, 5, "<string key='k' value='v'>");
  expect_xes_error (deep->str, -1, VC_IMPORT_ERROR_LIMIT, NULL);
}

Test (event_xes, X07_sizes, .timeout = 30)
{
  g_autofree char *much = g_strnfill (20 << 20, 'x'), *spaces = g_strnfill (3 << 20, ' ');
  g_autofree char *value = g_strconcat ("<log><string key='k' value='", much, "'/></log>", NULL);
  g_autofree char *text = g_strconcat ("<log>", much, "</log>", NULL);
  g_autofree char *comment = g_strconcat ("<log><!--", much, "--></log>", NULL);
  g_autofree char *instruction = g_strconcat ("<log><?x ", much, "?></log>", NULL);
  g_autofree char *name = g_strconcat ("<log><", much, "/></log>", NULL);
  g_autofree char *fair = g_strconcat ("<log><!--", spaces, "-->", TRACE ("1", TWO), "</log>", NULL);

  expect_xes_error (value, -1, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_xes_error (text, -1, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_xes_error (comment, -1, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_xes_error (instruction, -1, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_xes_error (name, -1, VC_IMPORT_ERROR_LIMIT, NULL);
  expect_flows (fair, "a>b*1");
}

Test (event_xes, X08_what_is_not_well_formed)
{
  static const char *const wrong[] = {
    "<log><string key='a' key='b' value=''/></log>",
    "<log><x:string key='a' value=''/></log>",
    "<log><trace></log></trace>",
    "<log><string key=a/></log>",
    "<log/><log/>",
    "<log>&undefined;</log>",
    "<log><string key='a' value='<'/></log>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    expect_xes_error (wrong[i], -1, VC_IMPORT_ERROR_FORMAT, NULL);
}

/* Cut anywhere, no log is a log; before it is known for XML, it lacks the columns of CSV. */
Test (event_xes, X08_truncated_at_each_byte, .timeout = 60)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (root, GOOD, -1);
  const gsize length = strlen (GOOD) - 1;

  for (gsize i = 0; i < length; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (VcChain) chain = NULL;

    put_file (root, "log.xes", GOOD, (gssize) i);
    chain = vc_source_load (VC_SOURCE (log), NULL, NULL, &error);
    cr_assert_null (chain, "cut at %zu", i);
    cr_assert_eq (error->domain, VC_IMPORT_ERROR);
    cr_assert (i < 8 || error->code == VC_IMPORT_ERROR_FORMAT, "cut at %zu: %s", i, error->message);
  }
  drop_folder (root);
}

Test (event_xes, X10_characters_that_are_none)
{
  static const char *const wrong[] = { "&#0;", "&#xFFFE;", "&#x110000;", "&#xD800;",     "\x01",
                                       "\x1f", "\xff",     "\xc0\x80",   "\xed\xa0\x80", "\xf4\x90\x80\x80" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *content = g_strconcat ("<log><string key='a' value='", wrong[i], "'/></log>", NULL);

    expect_xes_error (content, -1, VC_IMPORT_ERROR_FORMAT, NULL);
  }
  expect_xes_error ("<log><string key='a' value='\0'/></log>", 38, VC_IMPORT_ERROR_FORMAT, NULL);
}

Test (event_xes, X11_without_names_times_or_parties)
{
  expect_xes_error ("<log><trace>" TWO "</trace></log>", -1, VC_IMPORT_ERROR_MISSING,
                    "field concept:name: no event has it (case-column)");
  expect_xes_error ("<log>" TRACE ("1", "<event><string key='org:resource' value='a'/></event>") "</log>", -1,
                    VC_IMPORT_ERROR_MISSING, "field time:timestamp: no event has it (time-column)");
  expect_xes_error ("<log>" TRACE ("1", "<event><date key='time:timestamp' value='2025-01-01'/></event>") "</log>", -1,
                    VC_IMPORT_ERROR_MISSING, "field org:resource: no event has it (party-column)");
  expect_flows ("<log>" TRACE ("1", "") "</log>", "");
}

Test (event_xes, X12_values_that_are_not_what_they_say)
{
  static const struct {
    const char *element;
    int         code;
  } wrong[] = {
    { "<int key='who' value='1e30'/>", VC_IMPORT_ERROR_NUMBER },
    { "<int key='who' value='1000000000000000000000000000000'/>", VC_IMPORT_ERROR_RANGE },
    { "<float key='who' value='NaN'/>", VC_IMPORT_ERROR_NUMBER },
    { "<float key='who' value='INF'/>", VC_IMPORT_ERROR_NUMBER },
    { "<boolean key='who' value='yes'/>", VC_IMPORT_ERROR_VALUE },
    { "<id key='who' value='7'/>", VC_IMPORT_ERROR_VALUE },
    { "<date key='who' value='yesterday'/>", VC_IMPORT_ERROR_TIME },
    { "<date key='who' value='2025-02-30T00:00:00Z'/>", VC_IMPORT_ERROR_RANGE },
    { "<string key='who'/>", VC_IMPORT_ERROR_MISSING },
    { "<string value='x'/>", VC_IMPORT_ERROR_MISSING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    char *root = make_folder ();
    g_autofree char *content
      = g_strdup_printf ("<log>" TRACE ("1", "<event>%s<string key='org:resource' value='a'/>"
                                             "<date key='time:timestamp' value='2025-01-01'/></event>") "</log>",
                         wrong[i].element);
    g_autoptr (VcEventLog) log = new_xes (root, content, -1);

    g_object_set (log, "customer-column", "who", NULL);
    assert_refused (log, wrong[i].code, NULL);
    /* Who is not asked for is not judged. */
    g_object_set (log, "customer-column", NULL, NULL);
    if (i < G_N_ELEMENTS (wrong) - 1)
      assert_flows (log, "");
    drop_folder (root);
  }
}

Test (event_xes, X14_many_events_and_many_traces, .timeout = 60)
{
  g_autoptr (GString) content = g_string_new ("<log><trace><string key='concept:name' value='1'/>");
  char *root = make_folder ();
  g_autoptr (VcLimits) limits = g_object_new (VC_TYPE_LIMITS, "max-rows", G_GUINT64_CONSTANT (99999), NULL);
  g_autoptr (VcEventLog) log = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (content, i % 2 == 0 ? EVENT ("a", "2025-01-01T10:00:00Z") : EVENT ("b", "2025-01-01T10:00:00Z"));
  g_string_append (content, "</trace>");
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (content, "<trace><string key='concept:name' value='%u'/></trace>", i);
  g_string_append (content, "</log>");
  log = new_xes (root, content->str, -1);
  assert_flows (log, "a>b*50000 b>a*49999");
  assert_report (log, "traces", 100001, "traces without events", 100000, "cases", 1, "ties", 99999, NULL);
  vc_source_set_limits (VC_SOURCE (log), limits);
  assert_refused (log, VC_IMPORT_ERROR_LIMIT, "the log has more events than allowed");
  drop_folder (root);
}

Test (event_xes, X15_times_of_any_order_and_age)
{
  expect_flows ("<log>" TRACE ("1", EVENT ("d", "9999-12-31T23:59:59.999999Z") EVENT ("a", "0001-01-01T00:00:00Z")
                                      EVENT ("b", "2025-01-01T12:00:00+02:00")
                                        EVENT ("c", "2025-01-01T11:00:00+01:00")) "</log>",
                "a>b*1 b>c*1 c>d*1");
}

Test (event_xes, X16_web_pages_are_no_logs)
{
  static const char *const refusal = "log.xes: this is a web page: neither CSV, nor XES, nor any other log";

  expect_xes_error ("<!DOCTYPE html>\n<html><body>Please log in</body></html>", -1, VC_IMPORT_ERROR_FORMAT, refusal);
  expect_xes_error ("\n<HTML><body/></HTML>", -1, VC_IMPORT_ERROR_FORMAT, refusal);
  expect_xes_error ("<?xml version='1.0'?><svg/>", -1, VC_IMPORT_ERROR_FORMAT,
                    "this is not XES: the first element is no log");
}

Test (event_xes, X17_instructions_and_texts)
{
  expect_flows ("<?xml version='1.0'?><?style x?><!-- c --><log><?pi y?>" TRACE (
                  "1", TWO "<!-- d -->") "<![CDATA[ ]]></log><!-- e -->",
                "a>b*1");
  expect_xes_error ("<log>text<string key='a' value='b'/></log>", -1, VC_IMPORT_ERROR_FORMAT, NULL);
  expect_xes_error ("<log><string key='a' value='b'>text</string></log>", -1, VC_IMPORT_ERROR_FORMAT,
                    "text stands where XES has none");
  expect_xes_error ("<log><string key='a' value='b'><![CDATA[]]]]><![CDATA[>]]></string></log>", -1,
                    VC_IMPORT_ERROR_FORMAT, "text stands where XES has none");
}

Test (event_xes, X20_classifiers_and_globals_that_are_wrong)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log
    = new_xes (root, "<log><classifier name='c' keys='concept:name gone'/>" TRACE ("1", TWO) "</log>", -1);

  g_object_set (log, "party-column", "classifier:c", NULL);
  assert_flows (log, "do+>do+*1");
  assert_report (log, "classifier keys that no event has", 1, NULL);
  put_file (root, "log.xes", "<log><classifier name='c' keys=''/></log>", -1);
  assert_refused (log, VC_IMPORT_ERROR_MISSING, NULL);
  put_file (root, "log.xes", "<log><classifier name='c' keys=\"'x\"/></log>", -1);
  assert_refused (log, VC_IMPORT_ERROR_FORMAT, NULL);
  put_file (root, "log.xes", "<log><classifier name='c' keys='1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17'/></log>", -1);
  assert_refused (log, VC_IMPORT_ERROR_LIMIT, NULL);
  put_file (root, "log.xes", "<log><classifier name='c' keys=\"a ab 'a'\"/></log>", -1);
  assert_refused (log, VC_IMPORT_ERROR_DUPLICATE, NULL);
  drop_folder (root);
  expect_xes_error ("<log><global scope='event'><date key='time:timestamp' value='name'/></global></log>", -1,
                    VC_IMPORT_ERROR_TIME, NULL);
  expect_xes_error ("<log><global scope='event'><int key='time:timestamp' value='x'/></global></log>", -1,
                    VC_IMPORT_ERROR_NUMBER, NULL);
  expect_xes_error ("<log><global scope='event'><int key='org:resource' value='9223372036854775808'/></global></log>",
                    -1, VC_IMPORT_ERROR_RANGE, NULL);
  expect_xes_error ("<log><global scope='event'><boolean key='org:resource' value='yes'/></global></log>", -1,
                    VC_IMPORT_ERROR_VALUE, NULL);
}

Test (event_xes, elements_in_the_wrong_place)
{
  static const char *const wrong[] = {
    "<log><event><event/></event></log>",
    "<log><trace><trace/></trace></log>",
    "<log><log/></log>",
    "<log><string key='a' value='b'><event/></string></log>",
    "<log><values/></log>",
    "<log><object/></log>",
    "<log><extension><string key='a' value='b'/></extension></log>",
    "<log><trace><global/></trace></log>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    expect_xes_error (wrong[i], -1, VC_IMPORT_ERROR_FORMAT, "XES has no such element here");
}

Test (event_xes, cancelled_is_an_error)
{
  char *root = make_folder ();
  g_autoptr (VcEventLog) log = new_xes (root, GOOD, -1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  cr_assert_null (vc_source_load (VC_SOURCE (log), NULL, cancellable, &error));
  cr_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  drop_folder (root);
}
