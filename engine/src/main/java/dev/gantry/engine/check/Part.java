package dev.gantry.engine.check;

import java.io.IOException;
import java.util.List;

/// One thing that is looked at.
interface Part {
    /// Its name where it cannot be looked at.
    String name();

    /// What is wrong now, in the order in which it is best mended.
    List<Finding> look() throws IOException;
}
