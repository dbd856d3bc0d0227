package dev.gantry.engine.check;

import dev.gantry.engine.exec.HostExecs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Files of execs that no exec has.
record ExecsPart(HostExecs execs, Tally tally) implements Part {
    @Override
    public String name() {
        return "records of execs";
    }

    @Override
    public List<Finding> look() throws IOException {
        tally.execs(execs.count());
        List<Finding> found = new ArrayList<>();
        for (Path each : execs.strangeFiles()) {
            found.add(Finding.mendable(
                    Kind.EXEC, each, "the file belongs to no exec", "remove it", () -> execs.removeStrangeFile(each)));
        }
        return found;
    }
}
