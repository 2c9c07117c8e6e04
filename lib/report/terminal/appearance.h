// Where a text is going to be read: a terminal of so many columns, or a pipe.
#pragma once

namespace domspool {

struct Look {
    int width = 0;         // columns; 0: a pipe, nothing is wrapped or cut
    bool colours = false;  // never without a width
    bool is_terminal() const { return width > 0; }
};

// Asks the descriptor. No colours where NO_COLOR is set (to anything) or the terminal is "dumb"; a
// terminal that does not say its width has 80 columns, none is taken for narrower than 50.
Look look_of(int descriptor);

}  // namespace domspool
