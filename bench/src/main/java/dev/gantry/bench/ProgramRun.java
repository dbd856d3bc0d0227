package dev.gantry.bench;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// A program run from start to exit.
record ProgramRun(String name, List<String> words, Map<String, String> environment) implements Contender {
    @Override
    public long once() throws IOException {
        long begin = System.nanoTime();
        Result result = Command.run(words, environment);
        long end = System.nanoTime();
        if (result.exit() != 0) {
            throw new IOException(result.toString());
        }
        return end - begin;
    }
}
