/// The streams of one process and who is joined to them: output goes to the log and to every attachment, input comes
/// from any of them.
///
/// An attachment that was made before the process started may hold it back; a later one that does not keep up loses
/// output and is told so.
@NullMarked
package dev.gantry.engine.stream;

import org.jspecify.annotations.NullMarked;
