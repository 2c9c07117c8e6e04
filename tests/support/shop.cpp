#include "support/shop.h"

#include <stdexcept>
#include <sys/stat.h>
#include <utility>

namespace domspool::test {

namespace {

std::string write_private(const std::string& path, const std::string& text) {
    write_text(path, text);
    if (::chmod(path.c_str(), 0600) != 0) throw std::runtime_error("cannot chmod " + path);
    return path;
}

std::vector<std::string> with_password(std::vector<std::string> options, const Scratch& scratch) {
    options.push_back("--password-file");
    options.push_back(write_private(scratch / "secret", std::string(Shop::kPassword) + "\n"));
    return options;
}

SettingChanges usual_settings(const Scratch& scratch, const SandboxProcess& registrar) {
    return {
        {"user", "\"\""},
        {"registrar.endpoint", registrar.endpoint()},
        {"registrar.reseller_id", SandboxProcess::reseller()},
        {"registrar.secret_file", scratch / "secret"},
        {"registrar.retry_seconds", "0"},
        {"extensions_file", scratch / "extensions.yaml"},
        {"ledger", scratch / "ledger.db"},
        {"backup.directory", scratch / "backup"},
        {"spool.directory", scratch / "spool"},
        {"pending.min_interval_seconds", "0"},
        {"pending.doubt_look_seconds", "0"},
        {"pending.stay_minutes", "0"},
        {"limits.max_spend_per_day", "1000000 EUR"},
        {"limits.max_orders_per_run", "0"},
        {"log.file", scratch / "domspool.log"},
    };
}

std::string yaml_of(const SettingChanges& settings) {
    std::string text, open_section;
    for (const auto& [name, value] : settings) {
        if (value.empty()) continue;
        const auto dot = name.find('.');
        const std::string section = dot == std::string::npos ? "" : name.substr(0, dot);
        if (section != open_section && !section.empty()) text += section + ":\n";
        open_section = section;
        text += (section.empty() ? "" : "  ") + name.substr(dot + 1) + ": " + value + "\n";
    }
    return text;
}

std::string unescaped(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_escape = text[i] == '\\' && i + 1 < text.size();
        const char c = is_escape ? text[++i] : text[i];
        plain += !is_escape ? c : c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
    return plain;
}

}  // namespace

Shop::Shop(const SettingChanges& changes, std::vector<std::string> sandbox_options)
    : registrar_(with_password(std::move(sandbox_options), scratch_)),
      settings_(usual_settings(scratch_, registrar_)) {
    for (const auto& [name, value] : changes) settings_[name] = value;
    write("extensions.yaml", read_text(std::string(SOURCE_DIR) + "/cron/extensions.sample.yaml"));
    write_settings({});
    const ProgramEnd init = run("domain-orders", {"init"});
    if (init.code != 0) throw std::runtime_error("domain-orders init: " + init.err);
}

void Shop::write_settings(const SettingChanges& changes) {
    SettingChanges settings = settings_;
    for (const auto& [name, value] : changes) settings[name] = value;
    write_private(*this / "config.yaml", yaml_of(settings));
}

std::string Shop::write(const std::string& name, const std::string& text) const {
    write_text(*this / name, text);
    return *this / name;
}

ProgramCall Shop::call(const std::string& program, std::vector<std::string> arguments) const {
    ProgramCall call{.program = program, .arguments = std::move(arguments)};
    call.arguments.push_back("--config");
    call.arguments.push_back(*this / "config.yaml");
    call.folder = folder().string();
    if (ahead_.count() != 0) {
        call.environment["LD_PRELOAD"] = SHIFTED_CLOCK;
        call.environment["DOMSPOOL_CLOCK_SHIFT"] = std::to_string(ahead_.count());
    }
    return call;
}

ProgramEnd Shop::run(const std::string& program, std::vector<std::string> arguments) const {
    return run_program(call(program, std::move(arguments)));
}

ProgramEnd Shop::run_until(const std::string& crash_point, const std::string& program,
                           std::vector<std::string> arguments) const {
    ProgramCall stopped = call(program, std::move(arguments));
    stopped.environment["DOMSPOOL_CRASH_AT"] = crash_point;
    return run_program(stopped);
}

std::map<std::string, std::map<std::string, std::string>> Shop::orders() const {
    const ProgramEnd list = run("domain-orders", {"list", "--json"});
    if (list.code != 0) throw std::runtime_error("domain-orders list: " + list.err);
    std::map<std::string, std::map<std::string, std::string>> by_domain;
    for (const auto& row : json_lines(list.out)) {
        if (!by_domain.emplace(row.at("domain"), row).second) {
            throw std::runtime_error("two orders for " + row.at("domain"));
        }
    }
    return by_domain;
}

std::size_t Shop::times_executed(const std::string& function, const std::string& domain) {
    std::size_t times = 0;
    for (const SandboxCall& call : registrar_.calls()) {
        const bool was_executed = call.outcome != "none" && !call.outcome.starts_with("fault") &&
                                  !call.outcome.starts_with("Failed");
        const bool is_meant =
            call.function == function && (domain.empty() || call.target == domain);
        times += was_executed && is_meant ? 1 : 0;
    }
    return times;
}

std::string registrations(const std::vector<std::string>& domains) {
    std::string text =
        "domain,years,owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,"
        "owner.country,owner.phone,owner.email,owner.language\n";
    for (const std::string& domain : domains) {
        text +=
            domain + ",1,Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN\n";
    }
    return text;
}

std::vector<std::map<std::string, std::string>> json_lines(const std::string& text) {
    // A program of a test is given no more at once.
    constexpr std::size_t kMostInput = 50'000;
    if (text.size() > kMostInput) {
        const auto end = text.rfind('\n', kMostInput);
        if (end == std::string::npos) throw std::runtime_error("a JSON line is too long");
        auto rows = json_lines(text.substr(0, end + 1));
        for (auto& row : json_lines(text.substr(end + 1))) rows.push_back(std::move(row));
        return rows;
    }
    const ProgramEnd perl =
        run_program({.program = "/usr/bin/perl",
                     .arguments = {std::string(SOURCE_DIR) + "/tests/support/json_to_lines.pl"},
                     .input = text});
    if (perl.code != 0) throw std::runtime_error("no JSON lines: " + perl.err + text);
    std::vector<std::map<std::string, std::string>> rows;
    std::map<std::string, std::string> row;
    std::size_t begin = 0;
    for (std::size_t end; (end = perl.out.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        const std::string line = perl.out.substr(begin, end - begin);
        const auto tab = line.find('\t');
        if (!line.empty()) {
            row[line.substr(0, tab)] = unescaped(line.substr(tab + 1));
            continue;
        }
        rows.push_back(std::exchange(row, {}));
    }
    return rows;
}

std::vector<std::vector<std::string>> csv_records(const std::string& text) {
    std::vector<std::vector<std::string>> records;
    std::vector<std::string> record;
    std::string cell;
    bool in_quotes = false;
    const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (std::size_t i = begin; i < text.size(); ++i) {
        const char c = text[i];
        if (in_quotes) {
            const bool is_doubled = c == '"' && i + 1 < text.size() && text[i + 1] == '"';
            if (is_doubled) ++i;
            if (c == '"' && !is_doubled) {
                in_quotes = false;
            } else {
                cell += c;
            }
        } else if (c == '"') {
            in_quotes = true;
        } else if (c == ',' || c == '\n') {
            record.push_back(std::exchange(cell, {}));
            if (c == '\n') records.push_back(std::exchange(record, {}));
        } else if (c != '\r') {
            cell += c;
        }
    }
    if (in_quotes || !cell.empty() || !record.empty()) {
        throw std::runtime_error("the CSV text does not end with a whole line");
    }
    return records;
}

}  // namespace domspool::test
