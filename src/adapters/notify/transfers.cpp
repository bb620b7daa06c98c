#include "adapters/notify/transfers.hpp"

#include <algorithm>
#include <cstring>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <curl/curl.h>

namespace linli::notify {

namespace {

constexpr int look_every_ms = 1000;

void start_curl_once() {
    static bool const started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    static_cast<void>(started);
}

struct list {
    curl_slist* head = nullptr;

    list() = default;
    list(list const&) = delete;
    list& operator=(list const&) = delete;
    ~list() { curl_slist_free_all(head); }
    void add(std::string const& text) { head = curl_slist_append(head, text.c_str()); }
};

// One transfer with all that libcurl points into.
struct job {
    job(transfer w, std::function<void(answer)> d) : what(std::move(w)), done(std::move(d)) {}
    job(job const&) = delete;
    job& operator=(job const&) = delete;
    ~job() { curl_easy_cleanup(easy); }

    transfer what;
    std::function<void(answer)> done;
    CURL* easy = curl_easy_init();
    list headers;
    list receivers;
    std::string received;
    std::size_t uploaded = 0;
};

std::size_t keep_answer(char* data, std::size_t one, std::size_t size, void* to) {
    auto& j = *static_cast<job*>(to);
    auto const room = j.what.longest_answer - j.received.size();
    auto const taken = std::min(one * size, room);
    if (taken < one * size && j.what.takes_it_whole) return 0; // ends it
    j.received.append(data, taken);
    return one * size;
}

std::size_t give_mail(char* data, std::size_t one, std::size_t size, void* from) {
    auto& j = *static_cast<job*>(from);
    auto const part = std::min(one * size, j.what.body.size() - j.uploaded);
    std::memcpy(data, j.what.body.data() + j.uploaded, part);
    j.uploaded += part;
    return part;
}

void set_up_http(job& j) {
    auto* e = j.easy;
    for (auto const& each : j.what.headers)
        j.headers.add(each);
    j.headers.add("Expect:"); // no round trip to ask whether we may send
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, j.headers.head);
    curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, j.what.method.c_str());
    if (j.what.method == "GET") return;
    curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(j.what.body.size()));
    curl_easy_setopt(e, CURLOPT_POSTFIELDS, j.what.body.c_str());
}

void set_up_mail(job& j) {
    auto* e = j.easy;
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(e, CURLOPT_USE_SSL,
                     static_cast<long>(j.what.verify ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!j.what.user.empty()) {
        curl_easy_setopt(e, CURLOPT_USERNAME, j.what.user.c_str());
        curl_easy_setopt(e, CURLOPT_PASSWORD, j.what.password.c_str());
    }
    if (j.what.connect_only) return;
    j.receivers.add('<' + j.what.to + '>');
    curl_easy_setopt(e, CURLOPT_MAIL_FROM, ('<' + j.what.from + '>').c_str());
    curl_easy_setopt(e, CURLOPT_MAIL_RCPT, j.receivers.head);
    curl_easy_setopt(e, CURLOPT_READFUNCTION, give_mail);
    curl_easy_setopt(e, CURLOPT_READDATA, &j);
    curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(j.what.body.size()));
    curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
}

void set_up(job& j) {
    auto* e = j.easy;
    long const verify = j.what.verify ? 1L : 0L;
    curl_easy_setopt(e, CURLOPT_URL, j.what.url.c_str());
    curl_easy_setopt(e, CURLOPT_PRIVATE, &j);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_PROXY, ""); // none that the environment happens to name
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, 1000L * j.what.timeout_s);
    curl_easy_setopt(e, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, verify);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2 * verify);
    if (!j.what.ca_file.empty()) curl_easy_setopt(e, CURLOPT_CAINFO, j.what.ca_file.c_str());
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, keep_answer);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, &j);
    if (j.what.connect_only) curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
    if (j.what.method.empty())
        set_up_mail(j);
    else
        set_up_http(j);
}

char const* code_of(CURLcode failed) {
    switch (failed) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return "certificate";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
        return "tls";
    case CURLE_LOGIN_DENIED:
        return "login";
    case CURLE_COULDNT_RESOLVE_HOST:
        return "name";
    case CURLE_WRITE_ERROR:
        return "too_large";
    default:
        return "connection";
    }
}

answer answer_of(job& j, CURLcode ended) {
    answer a;
    long status = 0;
    curl_easy_getinfo(j.easy, CURLINFO_RESPONSE_CODE, &status);
    a.status = static_cast<int>(status);
    a.body = std::move(j.received);
    if (ended == CURLE_OK) {
        a.how = ending::answered;
    } else if (ended == CURLE_OPERATION_TIMEDOUT) {
        a.how = ending::silent;
        a.why = "timeout";
    } else {
        a.why = code_of(ended);
    }
    return a;
}

} // namespace

struct transfers::state {
    CURLM* multi = nullptr;
    std::mutex mutex; // of the two below
    std::vector<std::unique_ptr<job>> fresh;
    bool stopping = false;
    std::map<CURL*, std::unique_ptr<job>> running; // on the thread
    std::thread thread;

    void run();
    bool take_fresh();
    void end_those_done();
};

bool transfers::state::take_fresh() {
    std::vector<std::unique_ptr<job>> mine;
    {
        std::lock_guard const lock(mutex);
        if (stopping) return false;
        mine.swap(fresh);
    }
    for (auto& each : mine) {
        auto* easy = each->easy;
        set_up(*each);
        running[easy] = std::move(each);
        curl_multi_add_handle(multi, easy);
    }
    return true;
}

void transfers::state::end_those_done() {
    int left = 0;
    while (auto const* message = curl_multi_info_read(multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto const ended = message->data.result;
        auto* const easy = message->easy_handle;
        auto const at = running.find(easy);
        auto mine = std::move(at->second);
        running.erase(at);
        auto what = answer_of(*mine, ended);
        curl_multi_remove_handle(multi, easy);
        mine->done(std::move(what));
    }
}

void transfers::state::run() {
    while (take_fresh()) {
        int active = 0;
        curl_multi_perform(multi, &active);
        end_those_done();
        curl_multi_poll(multi, nullptr, 0, look_every_ms, nullptr);
    }
    for (auto const& [easy, each] : running)
        curl_multi_remove_handle(multi, easy);
    running.clear();
}

transfers::transfers() : state_(std::make_unique<state>()) {
    start_curl_once();
    state_->multi = curl_multi_init();
    state_->thread = std::thread([s = state_.get()] { s->run(); });
}

transfers::~transfers() {
    stop();
    curl_multi_cleanup(state_->multi);
}

void transfers::start(transfer what, std::function<void(answer)> done) {
    start_curl_once();
    auto mine = std::make_unique<job>(std::move(what), std::move(done));
    {
        std::lock_guard const lock(state_->mutex);
        if (state_->stopping) return;
        state_->fresh.push_back(std::move(mine));
    }
    curl_multi_wakeup(state_->multi);
}

void transfers::stop() {
    {
        std::lock_guard const lock(state_->mutex);
        state_->stopping = true;
    }
    curl_multi_wakeup(state_->multi);
    if (state_->thread.joinable()) state_->thread.join();
}

answer run_transfer(transfer what) {
    transfers all;
    std::promise<answer> ended;
    all.start(std::move(what), [&ended](answer a) { ended.set_value(std::move(a)); });
    return ended.get_future().get();
}

bool is_local(std::string const& url) {
    auto* parts = curl_url();
    char* host = nullptr;
    bool local = false;
    if (curl_url_set(parts, CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        std::string const name(host);
        local = name == "localhost" || name == "127.0.0.1" || name == "[::1]";
    }
    curl_free(host);
    curl_url_cleanup(parts);
    return local;
}

} // namespace linli::notify
