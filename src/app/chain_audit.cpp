#include "app/chain_audit.hpp"

#include <algorithm>

namespace linli::app {

chain_audit::chain_audit(chain_streams from, std::optional<domain::instant> covers, tell found)
    : from_(std::move(from)), covers_(covers), tell_(std::move(found)) {}

audited chain_audit::run() {
    line_ = from_.lines();
    head_ = from_.heads();
    mark_ = from_.marks();
    while (!ended())
        walk(next_chain());
    return counted_;
}

domain::uuid chain_audit::next_chain() const {
    std::optional<domain::uuid> first;
    auto const take = [&first](domain::uuid const& each) {
        if (!first || each < *first) first = each;
    };
    if (line_) take(line_->chain);
    if (head_) take(head_->chain);
    if (mark_) take(mark_->mark.chain);
    return *first;
}

void chain_audit::found(chain_finding what) {
    ++counted_.findings;
    tell_(std::move(what));
}

void chain_audit::walk(domain::uuid const& chain) {
    chain_end last;
    while (line_ && line_->chain == chain) {
        look_at(last);
        last = {line_->seq, line_->of, line_->hash};
        line_ = from_.lines();
    }
    if (last.seq > 0) ++counted_.chains;
    look_for_lost_end(chain, last);
    look_at_head(chain, last);
}

// A changed line breaks at itself, since the next one builds on the hash that is stored.
void chain_audit::look_at(chain_end const& last) {
    auto const& line = *line_;
    ++counted_.lines;
    if (line.seq != last.seq + 1)
        found({tampering::missing_line, line.chain, last.seq + 1, 0,
               "before line " + std::to_string(line.seq)});
    else if (!line.fits || (last.seq > 0 && line.of != last.of))
        found({tampering::changed_line, line.chain, line.seq});
    hold_to_marks(line);
    if (is_vouched_for(line))
        ++counted_.vouched;
    else if (covers_ && line.at < *covers_)
        found({tampering::added_line, line.chain, line.seq, 0, "its time was anchored without it"});
    else
        ++counted_.newer;
}

// Several anchors may name one line; one that differs says it all.
void chain_audit::hold_to_marks(audited_line const& line) {
    bool told = false;
    while (mark_ && mark_->mark.chain == line.chain && mark_->mark.seq <= line.seq) {
        bool const differs = mark_->mark.seq == line.seq && mark_->mark.hash != line.hash;
        if (differs && !told)
            found({tampering::rewritten_chain, line.chain, line.seq, mark_->anchor});
        told = told || differs;
        marked_end_ = {line.chain, mark_->mark.seq, {}};
        mark_ = from_.marks();
    }
}

// A mark binds all lines of its chain up to its own.
bool chain_audit::is_vouched_for(audited_line const& line) const {
    bool const by_a_later = mark_ && mark_->mark.chain == line.chain;
    return by_a_later || (marked_end_.chain == line.chain && marked_end_.seq == line.seq);
}

void chain_audit::look_for_lost_end(domain::uuid const& chain, chain_end const& last) {
    std::optional<anchored_mark> furthest;
    while (mark_ && mark_->mark.chain == chain) {
        furthest = std::move(mark_);
        mark_ = from_.marks();
    }
    auto until = furthest ? furthest->mark.seq : last.seq;
    if (head_ && head_->chain == chain) until = std::max(until, head_->seq);
    if (until <= last.seq) return;
    auto const kind = last.seq == 0 ? tampering::removed_chain : tampering::cut_tail;
    found({kind, chain, last.seq + 1, furthest ? furthest->anchor : 0,
           "to line " + std::to_string(until)});
}

void chain_audit::look_at_head(domain::uuid const& chain, chain_end const& last) {
    if (!head_ || head_->chain != chain) {
        if (last.seq > 0) found({tampering::missing_head, chain, 0, 0, last.of});
        return;
    }
    if (last.seq > head_->seq)
        found({tampering::added_line, chain, head_->seq + 1, 0, "behind the end of its chain"});
    else if (last.seq == head_->seq && last.seq > 0 &&
             (last.hash != head_->hash || last.of != head_->of))
        found({tampering::wrong_head, chain, last.seq});
    head_ = from_.heads();
}

} // namespace linli::app
