/// What the HTTP API and an embedding program call: containers, execs, images, events and the system, as Docker's
/// users know them.
///
/// This package is the contract: interfaces, options and [dev.gantry.engine.EngineException]. What a container is
/// asked to be is in `config`, what is reported of it in `view`; `host` opens the engine on this host. Everything
/// here is safe for use by many threads, and blocks: call it from virtual threads.
@NullMarked
package dev.gantry.engine;

import org.jspecify.annotations.NullMarked;
