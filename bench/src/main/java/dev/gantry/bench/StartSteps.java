package dev.gantry.bench;

import dev.gantry.e2e.Command;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// Where the time of starts goes in Gantry's daemon: the steps that it tells Java Flight Recorder.
record StartSteps(DaemonUnderTest daemon) {
    private static final String EVENT = "dev.gantry.StartStep";
    private static final int WARM_UP = 50;
    private static final int STARTS = 100;

    /// The steps in the order of their first time, then whole starts to exit, as a client measures them.
    List<Samples> measure() throws IOException {
        Path file = Files.createTempFile("gantry-steps", ".jfr");
        List<Long> whole = new ArrayList<>();
        try (EngineStart start = EngineStart.on(daemon, false)) {
            repeat(start, WARM_UP, new ArrayList<>());
            command("JFR.start", "name=steps", "settings=none", "+" + EVENT + "#enabled=true");
            // the recorder's own code is to be compiled, too
            repeat(start, WARM_UP, new ArrayList<>());
            long begin = System.currentTimeMillis();
            repeat(start, STARTS, whole);
            command("JFR.stop", "name=steps", "filename=" + file);
            List<Samples> samples = new ArrayList<>(steps(file, begin));
            samples.add(new Samples("start to exit", whole));
            return samples;
        } finally {
            Files.delete(file);
        }
    }

    private static void repeat(EngineStart start, int times, List<Long> nanoseconds) throws IOException {
        for (int i = 0; i < times; i++) {
            nanoseconds.add(start.once());
        }
    }

    private void command(String... words) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        line.add(Long.toString(daemon.pid()));
        line.addAll(List.of(words));
        Result result = Command.run(line, Map.of());
        if (result.exit() != 0) {
            throw new IOException(String.join(" ", line) + ": " + result.err() + result.out());
        }
    }

    private static List<Samples> steps(Path file, long begin) throws IOException {
        Map<String, List<Long>> steps = new LinkedHashMap<>();
        RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT)
                        && event.getStartTime().toEpochMilli() >= begin)
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .forEach(event -> steps.computeIfAbsent(event.getString("step"), _ -> new ArrayList<>())
                        .add(event.getDuration().toNanos()));
        return steps.entrySet().stream()
                .map(step -> new Samples(step.getKey(), step.getValue()))
                .toList();
    }
}
