#include "report/chart.h"

#include "util/failure.h"

#include <cairo.h>

#include <algorithm>
#include <array>
#include <memory>

namespace domspool {

namespace {

constexpr double kScale = 2;  // for dense screens
constexpr double kWidth = 640, kHeight = 260;
constexpr double kTop = 44, kBottom = 226;  // of the bars
constexpr double kDaysLeft = 34, kDaysRight = 430;
constexpr double kAgesLeft = 480, kAgesRight = 630;

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
    void words(const std::string& text, double x, double y, At at = At::left, double size = 12) {
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

double height_of(int count, int top) {
    return (kBottom - kTop) * count / top;
}

void draw_legend(Drawing& drawing) {
    double x = kDaysLeft;
    for (const auto& [colour, name, width] :
         {std::tuple{kGood, "done", 58.0}, {kBad, "failed", 64.0}, {kOther, "other end", 0.0}}) {
        drawing.box(x, 25, 9, 9, colour);
        drawing.words(name, x + 13, 34, Drawing::At::left, 11);
        x += width;
    }
}

void draw_days(Drawing& drawing, const std::vector<DayBar>& bars) {
    drawing.words("Orders ended, by day (UTC)", kDaysLeft, 14, Drawing::At::left, 13);
    draw_legend(drawing);
    const int top = round_top(std::ranges::max(bars, {}, &DayBar::total).total());
    drawing.words(std::to_string(top), kDaysLeft - 6, kTop + 4, Drawing::At::right, 11);
    drawing.words("0", kDaysLeft - 6, kBottom, Drawing::At::right, 11);
    drawing.box(kDaysLeft, kBottom, kDaysRight - kDaysLeft, 1, kWords);
    const double step = (kDaysRight - kDaysLeft) / static_cast<double>(bars.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double x = kDaysLeft + step * static_cast<double>(i);
        double y = kBottom;
        for (const auto& [count, colour] :
             {std::pair{bars[i].good, kGood}, {bars[i].other, kOther}, {bars[i].bad, kBad}}) {
            // What is there can be seen, however few of many it is.
            const double height = count == 0 ? 0 : std::max(2.0, height_of(count, top));
            drawing.box(x + step * 0.15, y - height, step * 0.7, height, colour);
            y -= height;
        }
        if (i % 2 == (bars.size() - 1) % 2) {
            drawing.words(bars[i].day.substr(5), x + step / 2, kBottom + 18, Drawing::At::middle,
                          11);
        }
    }
}

void draw_ages(Drawing& drawing, const PendingAges& ages) {
    constexpr std::array<const char*, 5> kNames{"< 1 h", "< 1 d", "< 3 d", "< 7 d", "more"};
    drawing.words("Pending for", kAgesLeft, 14, Drawing::At::left, 13);
    const int top = round_top(std::max(1, std::ranges::max(ages)));
    drawing.box(kAgesLeft, kBottom, kAgesRight - kAgesLeft, 1, kWords);
    const double step = (kAgesRight - kAgesLeft) / static_cast<double>(ages.size());
    for (std::size_t i = 0; i < ages.size(); ++i) {
        const double x = kAgesLeft + step * static_cast<double>(i);
        const double height = ages[i] == 0 ? 0 : std::max(2.0, height_of(ages[i], top) * 0.9);
        drawing.box(x + step * 0.15, kBottom - height, step * 0.7, height, kPending);
        if (ages[i] > 0) {
            drawing.words(std::to_string(ages[i]), x + step / 2, kBottom - height - 4,
                          Drawing::At::middle, 11);
        }
        drawing.words(kNames[i], x + step / 2, kBottom + 18, Drawing::At::middle, 10);
    }
}

}  // namespace

std::string chart_png(const Summary& summary) {
    const std::vector<DayBar> bars = bars_of(summary);
    const bool has_days = std::ranges::any_of(bars, [](const DayBar& bar) { return bar.total(); });
    const bool has_ages =
        std::ranges::any_of(summary.pending_ages, [](int count) { return count; });
    if (!has_days && !has_ages) return "";
    Drawing drawing;
    draw_days(drawing, bars);
    draw_ages(drawing, summary.pending_ages);
    return drawing.png();
}

}  // namespace domspool
