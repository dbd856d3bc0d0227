package dev.gantry.runtime.program;

/// What a group of calls is for, in the words shown to the user.
///
/// @param role which process makes the calls
/// @param words what is done, for example `mount proc on /proc`; opens an error message: `mount proc on /proc: EPERM`
/// @param why where it comes from, for example `default`, `--tmpfs /tmp` or `image USER`
public record Step(Role role, String words, String why) {}
