// Writes down every statement that SQLite runs in this process while it lives.
#pragma once

#include <map>
#include <string>

namespace domspool::test {

class SqlDiary {
  public:
    SqlDiary();  // connections opened from now on
    ~SqlDiary();
    SqlDiary(const SqlDiary&) = delete;
    SqlDiary& operator=(const SqlDiary&) = delete;

    // Each text and how often it ran.
    std::map<std::string, int> texts() const;
    int count(const std::string& text) const;
    void forget();
};

}  // namespace domspool::test
