package dev.gantry.runtime.explain;

/// A call that the daemon makes.
///
/// @param arguments as strace(1) prints them
/// @param result the name of what it gives; may be empty
/// @param words what it is for
/// @param item the item of the specification that asks for it; empty for what every container has
record HostCall(String call, String arguments, String result, String words, String item) {}
