#include "report/summary/chart.h"

#include "report/summary/font_cache.h"
#include "util/failure.h"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <memory>

namespace domspool {

namespace {

// As wide as a phone: words scaled down to it could not be read.
constexpr double kScale = 2;  // for dense screens
constexpr double kWidth = 400, kHeight = 400;
constexpr double kLeft = 34, kRight = 396;

// Where a diagram stands: its title's line, and its bars from top to bottom.
struct Place {
    double title, top, bottom;
};
constexpr Place kDays{16, 52, 218}, kAges{274, 302, 372};
constexpr double kTitleSize = 15, kWordSize = 12.5;

struct Colour {
    double red, green, blue;
};
// Told apart by those who see no red or green too: dark to light is bad to good.
constexpr Colour kGood{0.20, 0.62, 0.42}, kBad{0.82, 0.25, 0.22}, kOther{0.90, 0.62, 0.15},
    kPending{0.26, 0.52, 0.85}, kWords{0.47, 0.49, 0.52};

struct DayBar {
    std::string day;
    int good = 0, bad = 0, other = 0;
    int total() const { return good + bad + other; }
};

std::string day_of(UtcTime time) {
    return to_iso(time).substr(0, 10);
}

std::vector<DayBar> bars_of(const Summary& summary) {
    std::vector<DayBar> bars;
    for (int back = kChartDays - 1; back >= 0; --back) {
        bars.push_back({day_of(summary.until - std::chrono::days(back))});
    }
    for (const DayCount& count : summary.days) {
        const auto bar = std::ranges::find(bars, count.day, &DayBar::day);
        if (bar == bars.end()) continue;
        const bool is_good = count.state == OrderState::done || count.state == OrderState::skipped;
        int& part = is_good ? bar->good : count.state == OrderState::failed ? bar->bad : bar->other;
        part += count.orders;
    }
    return bars;
}

class Drawing {
  public:
    Drawing()
        : surface_(
              cairo_image_surface_create(CAIRO_FORMAT_ARGB32, static_cast<int>(kWidth * kScale),
                                         static_cast<int>(kHeight * kScale)),
              cairo_surface_destroy),
          cairo_(cairo_create(surface_.get()), cairo_destroy) {
        cairo_scale(cairo_.get(), kScale, kScale);
        cairo_select_font_face(cairo_.get(), "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                               CAIRO_FONT_WEIGHT_NORMAL);
    }

    void box(double x, double y, double width, double height, const Colour& colour) {
        use(colour);
        cairo_rectangle(cairo_.get(), x, y, width, height);
        cairo_fill(cairo_.get());
    }

    enum class At { left, middle, right };
    void words(const std::string& text, double x, double y, At at, double size) {
        use(kWords);
        cairo_set_font_size(cairo_.get(), size);
        cairo_text_extents_t extents;
        cairo_text_extents(cairo_.get(), text.c_str(), &extents);
        const double shift = at == At::left ? 0 : at == At::middle ? 0.5 : 1;
        cairo_move_to(cairo_.get(), x - shift * extents.x_advance, y);
        cairo_show_text(cairo_.get(), text.c_str());
    }

    std::string png() {
        std::string bytes;
        const cairo_status_t status = cairo_surface_write_to_png_stream(
            surface_.get(),
            [](void* target, const unsigned char* data, unsigned int length) {
                static_cast<std::string*>(target)->append(data, data + length);
                return CAIRO_STATUS_SUCCESS;
            },
            &bytes);
        // Without memory there is no picture; the report goes out all the same.
        return status == CAIRO_STATUS_SUCCESS ? bytes : std::string();
    }

  private:
    void use(const Colour& colour) {
        cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue);
    }

    std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface_;
    std::unique_ptr<cairo_t, void (*)(cairo_t*)> cairo_;
};

// A number that people like: 1, 2, 5, 10, 20, 50 ..., at least `highest`.
int round_top(int highest) {
    for (int power = 1; power < 100'000'000; power *= 10) {
        for (const int step : {1, 2, 5}) {
            if (step * power >= highest) return step * power;
        }
    }
    return highest;
}

double height_of(const Place& place, int count, int top) {
    // What is there can be seen, however few of many it is.
    return count == 0 ? 0 : std::max(2.0, (place.bottom - place.top) * count / top);
}

void draw_legend(Drawing& drawing) {
    double x = kLeft;
    for (const auto& [colour, name, width] :
         {std::tuple{kGood, "done", 62.0}, {kBad, "failed", 68.0}, {kOther, "other end", 0.0}}) {
        drawing.box(x, kDays.title + 11, 10, 10, colour);
        drawing.words(name, x + 14, kDays.title + 20, Drawing::At::left, kWordSize);
        x += width;
    }
}

void draw_frame(Drawing& drawing, const Place& place, const char* title, int top) {
    drawing.words(title, kLeft, place.title, Drawing::At::left, kTitleSize);
    drawing.words(std::to_string(top), kLeft - 6, place.top + 5, Drawing::At::right, kWordSize);
    drawing.words("0", kLeft - 6, place.bottom, Drawing::At::right, kWordSize);
    drawing.box(kLeft, place.bottom, kRight - kLeft, 1, kWords);
}

void draw_days(Drawing& drawing, const std::vector<DayBar>& bars) {
    const int top = round_top(std::ranges::max(bars, {}, &DayBar::total).total());
    draw_frame(drawing, kDays, "Orders ended, by day (UTC)", top);
    draw_legend(drawing);
    const double step = (kRight - kLeft) / static_cast<double>(bars.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double x = kLeft + step * static_cast<double>(i);
        double y = kDays.bottom;
        for (const auto& [count, colour] :
             {std::pair{bars[i].good, kGood}, {bars[i].other, kOther}, {bars[i].bad, kBad}}) {
            const double height = height_of(kDays, count, top);
            drawing.box(x + step * 0.15, y - height, step * 0.7, height, colour);
            y -= height;
        }
        constexpr std::size_t kNamed = 3;  // every third day, the last one too
        if (i % kNamed != (bars.size() - 1) % kNamed) continue;
        drawing.words(bars[i].day.substr(5), x + step / 2, kDays.bottom + 18, Drawing::At::middle,
                      kWordSize);
    }
}

void draw_ages(Drawing& drawing, const PendingAges& ages) {
    constexpr std::array<const char*, 5> kNames{"< 1 h", "< 1 day", "< 3 days", "< 7 days",
                                                "longer"};
    const int top = round_top(std::max(1, std::ranges::max(ages)));
    draw_frame(drawing, kAges, "Operations pending, by age", top);
    const double step = (kRight - kLeft) / static_cast<double>(ages.size());
    for (std::size_t i = 0; i < ages.size(); ++i) {
        const double x = kLeft + step * static_cast<double>(i);
        const double height = height_of(kAges, ages[i], top);
        drawing.box(x + step * 0.2, kAges.bottom - height, step * 0.6, height, kPending);
        if (ages[i] > 0) {
            drawing.words(std::to_string(ages[i]), x + step / 2, kAges.bottom - height - 4,
                          Drawing::At::middle, kWordSize);
        }
        drawing.words(kNames[i], x + step / 2, kAges.bottom + 18, Drawing::At::middle, kWordSize);
    }
}

}  // namespace

std::string chart_png(const Summary& summary) {
    const std::vector<DayBar> bars = bars_of(summary);
    const bool has_days = std::ranges::any_of(bars, [](const DayBar& bar) { return bar.total(); });
    const bool has_ages =
        std::ranges::any_of(summary.pending_ages, [](int count) { return count; });
    if (!has_days && !has_ages) return "";
    const FontCache cache;
    Drawing drawing;
    draw_days(drawing, bars);
    draw_ages(drawing, summary.pending_ages);
    return drawing.png();
}

}  // namespace domspool
