package dev.gantry.registry;

import java.time.Duration;

/// How long to wait, and how often to try again.
///
/// @param connect for a connection
/// @param ping for the answer to the first request, in which a server that does not speak TLS may be silent for ever
/// @param stall without a byte in either direction
/// @param attempts in a row that come no further
/// @param firstPause before the second attempt; each further one is twice as long, up to `longestPause`
/// @param longestRetryAfter that is waited for when a registry asks for it
record Limits(
        Duration connect,
        Duration ping,
        Duration stall,
        int attempts,
        Duration firstPause,
        Duration longestPause,
        Duration longestRetryAfter) {
    static final Limits DEFAULT = new Limits(
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            5,
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));
}
