package dev.gantry.engine.user;

import dev.gantry.engine.EngineException.Failed;

/// Numbers of users and groups.
///
/// A text of digits is a number and never a name, whatever its size: one that Docker's parser gave up on was looked
/// up as a name, which the image could point at root (GHSA-265r-hfxg-fhmg, CVE-2026-46680).
final class IdNumber {
    /// The highest that runc takes; (uid_t) -1 means "unchanged" to the kernel.
    static final long MAX = Integer.MAX_VALUE;

    private static final int DIGITS = 10;

    private IdNumber() {}

    static boolean isNumber(String text) {
        int digits = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        return text.length() > digits && text.chars().skip(digits).allMatch(c -> c >= '0' && c <= '9');
    }

    /// The value of a number, or one out of range if it is too long to be read.
    static long read(String number) {
        boolean negative = number.startsWith("-");
        int start = negative || number.startsWith("+") ? 1 : 0;
        while (start < number.length() - 1 && number.charAt(start) == '0') {
            start++;
        }
        boolean tooLong = number.length() - start > DIGITS;
        long value = tooLong ? Long.MAX_VALUE : Long.parseLong(number, start, number.length(), 10);
        return negative ? -value : value;
    }

    /// @throws Failed with Docker's text
    static long inRange(long value) {
        if (value < 0 || value > MAX) {
            throw new Failed("uids and gids must be in range 0-" + MAX);
        }
        return value;
    }
}
