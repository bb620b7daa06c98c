# Of ctest's output, what failed and why, so that a long log's end says it: the failed and the
# unended tests of GoogleTest, the failures that node's test runner sums up, else the last lines.
#   awk -f what_failed.awk ctest's-output
BEGIN {
  most = 60 # lines of one test, or of a program that counts no tests
}

/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / || /^[0-9]+% tests passed/ {
  end_of_program()
  if ($0 ~ /\*\*\*/ && $0 !~ /\*\*\*Skipped/) begin_program($0)
  next
}

!failed || /^ +Start +[0-9]+: / { next }

{ last[++lines] = $0 }

/^\[ RUN      \] / {
  said = ""
  running = $0
  next
}
/^\[       OK \] |^\[  SKIPPED \] / {
  running = ""
  next
}
/^\[  FAILED  \] .*\([0-9]+ ms\)$/ {
  if (running != "") tell(running "\n" said $0)
  running = ""
  next
}
/^✖ failing tests:/ { summing_up = 1 }
summing_up && summed_up < 4 * most {
  summed_up++
  tell($0)
}
running != "" { said = said $0 "\n" }

function begin_program(headline) {
  failed = 1
  running = said = ""
  lines = told = summing_up = summed_up = 0
  sub(/^ *[0-9]+\/[0-9]+ Test +/, "", headline)
  print "\n" headline
}

function end_of_program(   i) {
  if (!failed) return
  if (running != "") tell(running "\n" said "and it did not end")
  for (i = lines > most ? lines - most + 1 : 1; !told && i <= lines; i++) print "  " last[i]
  failed = 0
}

function tell(text,   line, n, i) {
  told = 1
  n = split(text, line, "\n")
  for (i = 1; i <= n; i++)
    if (n <= most || i <= most / 2 || i > n - most / 2) print "  " line[i]
    else if (i == int(most / 2) + 1) print "  […]"
}
