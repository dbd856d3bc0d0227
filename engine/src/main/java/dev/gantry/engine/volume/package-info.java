/// Volumes of the local driver: directories that outlive containers, filled from an image when they are first used.
///
/// ```text
/// volumes/                     0710
///   <name>/volume.json               VolumeRecord, written once
///   <name>/_data/                    what containers see
///   <name>/filling/                  what is on its way into a `_data` that containers see already
///   .<uuid>                          in the making, or being removed: deleted when the engine starts
/// ```
///
/// A volume is there from the moment its directory is renamed into place. Which containers use it is known from the
/// containers alone, and held in memory.
@NullMarked
package dev.gantry.engine.volume;

import org.jspecify.annotations.NullMarked;
