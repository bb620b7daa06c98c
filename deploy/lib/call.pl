#!/usr/bin/perl
# One call to the hotline as deploy/run --check makes it: sipp dials and another sipp is the seat; the
# voices of both are here. When the caller has heard the announcement, COMMAND says that the seat is
# ready; when both have heard each other, the caller hangs up.
#
#   call.pl FOLDER SCENARIOS EDGE_PORT SEAT_PORT SECONDS COMMAND…
#
# Prints what was heard, in words for the check's figures. Exits 0, or 1 with what is missing.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Socket qw(inet_aton pack_sockaddr_in);
use Time::HiRes qw(time);

my ($folder, $scenarios, $edge, $seat_port, $seconds, @ready) = @ARGV;
my $enough = 25; # packets of 20 ms
my %says = (caller => "\x11", seat => "\x22");
my (%heard, %to, %socket, %sipp, %next);

for my $who (keys %says) {
    $socket{$who} = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0)
        or die "no port for a voice: $!\n";
}
my $probe = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0)
    or die "no port for the caller: $!\n";
my $caller_port = $probe->sockport;
$probe->close;

sub begin { # begin WHO SCENARIO WHOM PORT
    my ($who, $scenario, $whom, $port) = @_;
    my $pid = fork // die "fork: $!\n";
    return $sipp{$who} = $pid if $pid;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', "$folder/$who.out";
    open STDERR, '>&', \*STDOUT;
    exec('sipp', "127.0.0.1:$whom", '-sf', "$scenarios/$scenario.xml", '-i', '127.0.0.1', '-p', $port,
        '-m', 1, '-key', 'rtp', $socket{$who}->sockport, '-key', 'number', '02100012349', '-nostdin',
        '-timeout', "${seconds}s", '-timeout_error', '-trace_logs', '-log_file', "$folder/$who.log",
        '-trace_err', '-error_file', "$folder/$who.errors")
        or POSIX::_exit(127);
}

sub logged { # logged WHO WORDS: the last that its sipp has logged behind these words
    my ($who, $words) = @_;
    open my $log, '<', "$folder/$who.log" or return;
    my $last;
    while (my $line = <$log>) { $last = $1 if $line =~ /\Q$words\E(.*)\n/ }
    return $last;
}

sub fail {
    kill 'KILL', grep { $_ } values %sipp;
    print "a call to 12349: $_[0]\n";
    exit 1;
}

sub speak { # a packet of G.711, when it is time
    my ($who, $now) = @_;
    my $port = $to{$who} or return;
    my $at = $next{$who} //= { when => $now, sequence => 0 };
    return if $now < $at->{when};
    $at->{when} += 0.02;
    my $packet = pack('CCnNN', 0x80, 8, ++$at->{sequence} & 0xffff, 160 * $at->{sequence}, 7) .
        $says{$who} x 160;
    $socket{$who}->send($packet, 0, pack_sockaddr_in($port, inet_aton('127.0.0.1')));
}

sub listen_to_all { # 10 ms of it
    my $select = IO::Select->new(values %socket);
    for my $from ($select->can_read(0.01)) {
        my ($who) = grep { $socket{$_} == $from } keys %socket;
        $from->recv(my $packet, 2048) // next;
        my $sound = substr($packet, 12);
        my ($of) = grep { $sound eq $says{$_} x length $sound } keys %says;
        $heard{$who}{ $of // 'house' }++ if length $sound;
    }
}

sub ended { # ended WHO: its exit code; undef while it runs
    my ($who) = @_;
    return 0 unless $sipp{$who};
    return if waitpid($sipp{$who}, POSIX::WNOHANG()) == 0;
    fail("the $who\'s telephone ended with " . ($? >> 8) . ", see $folder/$who.errors") if $?;
    return $sipp{$who} = 0;
}

my $began = time;
$SIG{TERM} = sub { fail('stopped') };
begin('seat', 'leg_answers', 9, $seat_port);
begin('caller', 'caller_talks_and_leaves', $edge, $caller_port);
my ($first, $is_ready, $hung_up, $looked) = (undef, 0, 0, 0);
until ($hung_up && defined ended('caller') && defined ended('seat')) {
    my $now = time;
    if ($now - $began > $seconds) {
        fail(!$first ? "no announcement was heard in $seconds s"
            : !$hung_up ? "caller and seat did not hear each other in $seconds s"
            : "it did not end in $seconds s");
    }
    ended('caller') if !$hung_up;
    if ($now - $looked > 0.1) {
        $looked = $now;
        for my $who (keys %says) { $to{$who} = logged($who, 'send to ') // $to{$who} }
    }
    listen_to_all();
    speak($_, $now) for keys %says;
    $first //= $now if $heard{caller}{house};
    if (!$is_ready && ($heard{caller}{house} // 0) >= $enough) {
        system(@ready) == 0 or fail('the seat could not be made ready');
        $is_ready = 1;
    }
    my $both = ($heard{caller}{seat} // 0) >= $enough && ($heard{seat}{caller} // 0) >= $enough;
    if (!$hung_up && $both && defined(my $id = logged('caller', 'hangs up '))) {
        # sipp takes every request with its Call-ID to be of its call: this one is our hand.
        my $hand = join "\r\n", 'MESSAGE sip:phone@127.0.0.1 SIP/2.0',
            'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-hand', 'From: <sip:hand@127.0.0.1>;tag=hand',
            'To: <sip:phone@127.0.0.1>', "Call-ID: $id", 'CSeq: 1 MESSAGE', 'Content-Length: 0', '', '';
        $socket{seat}->send($hand, 0, pack_sockaddr_in($caller_port, inet_aton('127.0.0.1')));
        $hung_up = 1;
    }
}
printf "1 call to 12349 through the edge: the announcement heard after %.1f s, then a seat; %d and %d " .
    "packets of their talk heard", $first - $began, $heard{caller}{seat}, $heard{seat}{caller};
