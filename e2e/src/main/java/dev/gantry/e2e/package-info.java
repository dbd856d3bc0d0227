/// The harness of the end-to-end tests and of the benchmarks: daemons of a test's own, clients that other people
/// wrote, and a small HTTP client over a Unix socket. It knows only public interfaces: command lines and the Engine
/// API.
@NullMarked
package dev.gantry.e2e;

import org.jspecify.annotations.NullMarked;
