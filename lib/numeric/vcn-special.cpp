/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Boost before 1.76 includes <iostream> without using it, whose streams would tie the library to the runtime of C++: both libraries of C++ skip the
 * header where its guard is defined. */
#define _GLIBCXX_IOSTREAM 1
#define _LIBCPP_IOSTREAM 1
/* So would its own assertions, which build systems and distributions turn on. */
#undef _GLIBCXX_ASSERTIONS
#define _GLIBCXX_NO_ASSERTIONS 1

#include "vcn-special.h"

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

namespace {

using namespace boost::math::policies;

/* Nothing throws, in which C could not help: what is wrong shows as a number that is none. */
using Quiet = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>, underflow_error<ignore_error>,
                     denorm_error<ignore_error>, rounding_error<ignore_error>, evaluation_error<ignore_error>,
                     indeterminate_result_error<ignore_error>, promote_double<false>>;

}

extern "C" {

double
vcn_beta_quantile (double a, double b, double p)
{
  return boost::math::ibeta_inv (a, b, p, Quiet ());
}

double
vcn_beta_share (double a, double b, double x)
{
  return boost::math::ibeta (a, b, x, Quiet ());
}

double
vcn_normal_within (double level)
{
  return boost::math::constants::root_two<double> () * boost::math::erf_inv (level, Quiet ());
}

double
vcn_digamma (double x)
{
  return boost::math::digamma (x, Quiet ());
}

double
vcn_trigamma (double x)
{
  return boost::math::trigamma (x, Quiet ());
}

double
vcn_log_gamma (double x)
{
  return boost::math::lgamma (x, Quiet ());
}

}
