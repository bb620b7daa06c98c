#include "adapters/wire/openapi.hpp"

#include <set>
#include <stdexcept>

#include <boost/json.hpp>

#include "linli/v1/booking.pb.h"
#include "linli/v1/call.pb.h"
#include "linli/v1/console.pb.h"
#include "linli/v1/hotline.pb.h"
#include "linli/v1/office.pb.h"
#include "linli/v1/registry.pb.h"

namespace linli::wire {

namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

json::value reference(std::string const& name) {
    return {{"$ref", "#/components/schemas/" + name}};
}

// The schemas that were asked for, and all that they consist of.
class schemas {
public:
    json::value of(std::string_view message) {
        // Each file that has messages of routes is named, or a program might be linked without it.
        v1::RegistrySheets::descriptor();
        v1::Catalogue::descriptor();
        v1::CallReport::descriptor();
        v1::Seat::descriptor();
        auto const* pool = v1::Session::descriptor()->file()->pool();
        auto const* found = pool->FindMessageTypeByName("linli.v1." + std::string(message));
        if (!found) throw std::logic_error("no message " + std::string(message));
        return of(*found);
    }

    json::object take() { return std::move(all_); }

private:
    json::value of(Descriptor const& message) {
        if (message.full_name() == "google.protobuf.Timestamp")
            return {{"type", "string"}, {"format", "date-time"}};
        if (known_.insert(message.name()).second) {
            json::object properties;
            for (int i = 0; i < message.field_count(); ++i)
                properties[message.field(i)->json_name()] = of(*message.field(i));
            all_[message.name()] = {{"type", "object"}, {"properties", std::move(properties)}};
        }
        return reference(message.name());
    }

    json::value of(FieldDescriptor const& field) {
        if (field.is_map())
            return {{"type", "object"},
                    {"additionalProperties", single(*field.message_type()->field(1))}};
        auto one = single(field);
        if (!field.is_repeated()) return one;
        return {{"type", "array"}, {"items", std::move(one)}};
    }

    json::value single(FieldDescriptor const& field) {
        switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_MESSAGE:
            return of(*field.message_type());
        case FieldDescriptor::CPPTYPE_BOOL:
            return {{"type", "boolean"}};
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT:
            return {{"type", "number"}};
        case FieldDescriptor::CPPTYPE_INT32:
        case FieldDescriptor::CPPTYPE_UINT32:
            return {{"type", "integer"}};
        case FieldDescriptor::CPPTYPE_INT64: // ProtoJSON: a browser's number can't hold them
        case FieldDescriptor::CPPTYPE_UINT64:
            return {{"type", "string"}, {"pattern", "^-?[0-9]+$"}};
        case FieldDescriptor::CPPTYPE_ENUM:
        case FieldDescriptor::CPPTYPE_STRING:
            break;
        }
        return {{"type", "string"}};
    }

    std::set<std::string> known_;
    json::object all_;
};

json::object body_of(json::value schema) {
    return {{"application/json", {{"schema", std::move(schema)}}}};
}

json::array parameters_of(described_route const& route) {
    json::array all;
    auto const add = [&](std::string_view name, std::string_view in, bool is_required) {
        all.push_back({{"name", name},
                       {"in", in},
                       {"required", is_required},
                       {"schema", {{"type", "string"}}}});
    };
    for (auto at = route.pattern.find('{'); at != route.pattern.npos;
         at = route.pattern.find('{', at + 1)) {
        auto const end = route.pattern.find('}', at);
        add(route.pattern.substr(at + 1, end - at - 1), "path", true);
    }
    for (auto const& name : route.query)
        add(name, "query", false);
    if (route.takes == "DeskCommand") {
        add("Idempotency-Key", "header", false);
        add("If-Match", "header", false);
    }
    return all;
}

json::object operation_of(described_route const& route, schemas& all) {
    json::object success{{"description", "Done"}};
    if (!route.gives.empty()) success["content"] = body_of(all.of(route.gives));
    if (!route.gives_file.empty())
        success["content"] = {{route.gives_file, {{"schema", {{"type", "string"}}}}}};
    json::object operation{
        {"summary", route.summary},
        {"responses",
         {{std::to_string(route.success), std::move(success)},
          {"default", {{"description", "Refused"}, {"content", body_of(all.of("Problem"))}}}}}};
    if (route.may_go_on)
        operation["responses"].as_object()["202"] = {{"description", "Not done yet"},
                                                     {"content", body_of(all.of(route.gives))}};
    if (!route.takes.empty())
        operation["requestBody"] = {{"required", true}, {"content", body_of(all.of(route.takes))}};
    if (auto parameters = parameters_of(route); !parameters.empty())
        operation["parameters"] = std::move(parameters);
    if (route.is_open) operation["security"] = json::array();
    if (!route.right.empty()) operation["x-right"] = route.right;
    return operation;
}

std::string lower(std::string_view method) {
    std::string small;
    for (char c : method)
        small += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return small;
}

} // namespace

std::string openapi(std::vector<described_route> const& routes) {
    v1::UserPage::descriptor(); // links its file, so that the pool knows its messages
    schemas all;
    json::object paths;
    for (auto const& each : routes) {
        auto& path = paths[each.pattern];
        if (!path.is_object()) path.emplace_object();
        path.as_object()[lower(each.method)] = operation_of(each, all);
    }
    all.of("LiveCall"); // by WebSocket only
    json::object const security{
        {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-linli"}}},
        {"token", {{"type", "http"}, {"scheme", "bearer"}}}};
    json::array const either{json::object{{"session", json::array()}},
                             json::object{{"token", json::array()}}};
    return json::serialize(
        json::object{{"openapi", "3.1.0"},
                     {"info", {{"title", "Linli"}, {"version", "1"}}},
                     {"security", either},
                     {"paths", std::move(paths)},
                     {"components", {{"securitySchemes", security}, {"schemas", all.take()}}}});
}

} // namespace linli::wire
