package dev.gantry.engine.stats;

import dev.gantry.engine.system.ProcessorTime;
import dev.gantry.runtime.usage.InterfaceCounters;
import dev.gantry.runtime.usage.Usage;
import java.time.Instant;
import java.util.Map;

/// What a container had used at one time.
///
/// @param processors what the host had used then
record Sample(Instant time, Usage usage, Map<String, InterfaceCounters> interfaces, ProcessorTime processors) {}
