/// Compares what the engine keeps: containers in memory, their files, the runtime's state, cgroups and processes,
/// images.
///
/// Each [Part] looks at one thing. A look changes nothing and disturbs nobody, so what is on its way in or out may seem
/// wrong for a moment: only what every look of two seconds finds is a finding.
@NullMarked
package dev.gantry.engine.check;

import org.jspecify.annotations.NullMarked;
