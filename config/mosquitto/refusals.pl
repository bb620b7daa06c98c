# What mosquitto's log says of whom it refused and of who came: from standard input to standard
# output, without the line of each packet that was allowed ("log_type debug"). "start", beside this
# file, puts it behind the broker.
#
# - It ends when the broker does, and not before: what can't be written, as on a full disk, is lost.
# - Nobody fills the disk by being refused. Of each kind so many lines pass, of one client or
#   address fewer, lest one hide another; how many were left out is said each second, and linli
#   counts it.
# - That it has no room for another connection it says in two ways, which become one.
# - While the broker says anything, a line a minute says that it is read: linli misses it when it
#   doesn't come.
use strict;
use warnings;
use POSIX qw(strftime);

my $time = qr/^[0-9T:+-]+: /;
my $of_each_packet = qr/$time(?x:
  (?:Received|Sending)[ ](?:PUB|SUB|UNSUB|PING|DISCONNECT|AUTH)
  | Sending[ ]CONNACK[ ]to[ ].*[ ]\([01],[ ]0\)$
  | No[ ]will[ ]message[ ]specified\.$
  | Will[ ]message[ ]
  | \t
  | Saving[ ]in-memory)/;

# Which lines, in brackets whose, and how many may come at once. What is only measured is counted by
# itself: a device with all its topics wrong sends much of it, and its press passes. Who came needs a
# password, and tells whose client is denied later; after an outage a whole city comes.
my $denied = qr/${time}Denied PUBLISH from (.*?)(?: \(d|$)/;
my @kinds = (
  {name => 'PUBLISH', is => qr{$denied.*/(?:telemetry|state)', \.\.\. \(\d+ bytes\)\)$},
    at_once => 1_000},
  {name => 'PUBLISH', is => $denied, at_once => 1_000},
  {name => 'connection', is => qr/${time}No room for a connection()/, at_once => 100},
  {name => 'CONNACK', is => qr/${time}Sending CONNACK to (\S+)/, at_once => 1_000},
  {name => 'who came', is => qr/${time}New client connected from ()/, at_once => 20_000},
  {name => 'others', is => qr/^()/, at_once => 1_000},
);
my $more_each_second = 100;
my $of_one_each_second = 20;
my $sign_of_life_every = 60;

my $second = time;
my $told_at = 0;
my $is_torn = 0;
@$_{qw(may_come left_out)} = ($_->{at_once}, 0) for @kinds;

sub put {
  my ($text) = @_;
  $text = "\n$text" if $is_torn; # behind half a line, which was all that the disk took
  my $took = syswrite(STDOUT, $text) or return 0;
  $is_torn = $took < length $text;
  $told_at = time;
  return 1;
}

sub with_time { return strftime('%Y-%m-%dT%H:%M:%S', localtime) . ": $_[0]\n" }

# Whoever has no open files left (ulimit -n) asks Debian's libwrap in vain whether somebody may come
# in, and says of that what it says of a rule. So where there are no rules, that was it.
my ($rules_of, $has_rules) = (0, 0);

sub has_rules {
  return $has_rules if $rules_of == $second;
  $rules_of = $second;
  $has_rules = 0;
  for my $file ('/etc/hosts.allow', '/etc/hosts.deny') {
    open my $rules, '<', $file or next;
    $has_rules ||= grep { /^\s*[^#\s]/ } <$rules>;
  }
  return $has_rules;
}

sub in_our_words {
  my ($line) = @_;
  return "$1No room for a connection"
    if $line =~ /($time)Unable to accept new connection, system socket count/
    || ($line =~ /($time)Client connection from .* denied access by tcpd\.$/ && !has_rules());
  return $line;
}

sub passes {
  my ($line) = @_;
  return 0 if $line =~ $of_each_packet;
  for my $kind (@kinds) {
    next unless $line =~ $kind->{is};
    my $whose = $1;
    my $is_too_many = $whose ne '' && ++$kind->{of_one}{$whose} > $of_one_each_second;
    if ($is_too_many || $kind->{may_come} == 0) {
      $kind->{left_out}++;
      return 0;
    }
    $kind->{may_come}--;
    return 1;
  }
}

sub say_what_was_left_out {
  for my $kind (grep { $_->{left_out} } @kinds) {
    my $is_said = put(with_time("Left out $kind->{left_out} $kind->{name}"));
    $kind->{left_out} = 0 if $is_said;
  }
}

sub begin_another_second {
  my $now = time;
  my $seconds = abs($now - $second) or return;
  $second = $now;
  say_what_was_left_out();
  for my $kind (@kinds) {
    my $may_come = $kind->{may_come} + $seconds * $more_each_second;
    $kind->{may_come} = $may_come < $kind->{at_once} ? $may_come : $kind->{at_once};
    $kind->{of_one} = {};
  }
}

$SIG{PIPE} = 'IGNORE';
my $begun = '';
vec(my $input = '', fileno(STDIN), 1) = 1;
for (;;) {
  my $patience = (grep { $_->{left_out} } @kinds) ? 1 : undef;
  my $has_come = select(my $ready = $input, undef, undef, $patience);
  begin_another_second();
  next if $has_come <= 0;
  sysread(STDIN, $begun, 65_536, length $begun) or last;
  my @lines = split /\n/, $begun, -1;
  $begun = pop @lines;
  my $text = join '', map { "$_\n" } grep { passes($_) } map { in_our_words($_) } @lines;
  put($text) if $text ne '';
  put(with_time('The log is read')) if abs(time - $told_at) >= $sign_of_life_every;
}
say_what_was_left_out();
