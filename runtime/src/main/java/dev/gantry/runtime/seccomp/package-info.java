/// System-call filters: a spec's `linux.seccomp` becomes the BPF program that the process loads before its command.
///
/// libseccomp compiles the rules; [Prologue] adds, before them, what libseccomp does not know, and [RangeSearch] makes
/// one
/// short program of both.
@NullMarked
package dev.gantry.runtime.seccomp;

import org.jspecify.annotations.NullMarked;
