package dev.gantry.api.http;

/// A connection that leaves HTTP: the head that is written by hand, and who talks afterwards.
record Hijack(String head, HijackSession session) {}
