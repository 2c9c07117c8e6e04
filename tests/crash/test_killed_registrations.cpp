// Registrations with every follow-up there is, killed anywhere.
#include "crash/everywhere.h"
#include "crash/scenes.h"

#include <doctest/doctest.h>

using namespace domspool::test;

TEST_CASE("registrations with all follow-ups, killed anywhere, have each call made exactly once") {
    const Scene scene = registrations_with_everything();
    const std::set<std::string> reached = check_killed_everywhere(scene);
    for (const std::string& point : points_of_each_scene(scene)) {
        CAPTURE(point);
        CHECK(reached.contains(point));
    }
    CHECK(reached.contains("doubt_looked_at"));
}
