# bash completion for valuechain                           -*- shell-script -*-
# SPDX-License-Identifier: LGPL-2.1-or-later

_valuechain_values ()
{
  case $1 in
    --format | -f) echo "text json csv html" ;;
    --color) echo "auto always never" ;;
    --progress) echo "auto never" ;;
    --group-by | -g) echo "none unit" ;;
    --missing-policy) echo "skip break error" ;;
    --measure | -m) valuechain measures --format=csv 2> /dev/null | sed -e 1d -e 's/,.*//' ;;
    *) return 1 ;;
  esac
}

_valuechain_options ()
{
  local measured="--table --group-by --at --window --option --threads" shown="--format --output --max-rows"
  local reading="--mapping --lenient" all="--color --progress --quiet --help"

  case $1 in
    score) echo "--measure --save $measured $reading $shown $all" ;;
    explain) echo "$measured $reading $shown $all" ;;
    check) echo "$reading $shown $all" ;;
    import) echo "--case --party --time --time-format --time-zone --customer --activity --lifecycle --amount --causal --weight --relations --made --due --closed --kept --closed-by --reopened --owed-to --unknown --missing --missing-policy --delimiter $reading $all" ;;
    convert | append) echo "$reading $all" ;;
    kept) echo "--measure --table --window --lenient $shown $all" ;;
    measures) echo "$shown $all" ;;
    *) echo "--help --version" ;;
  esac
}

_valuechain ()
{
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= values

  # An equals sign is a word of its own.
  if [[ $current == "=" ]]; then
    current=
  elif [[ $previous == "=" ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]}

  if values=$(_valuechain_values "$previous"); then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$(_valuechain_options "$command")" -- "$current"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "score explain check import convert append kept measures" -- "$current"))
  elif [[ $command == measures || $command == explain && $COMP_CWORD == 3 ]]; then
    COMPREPLY=($(compgen -W "$(_valuechain_values --measure)" -- "$current"))
  else
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}

complete -F _valuechain valuechain
