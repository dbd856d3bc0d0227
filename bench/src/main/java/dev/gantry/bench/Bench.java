package dev.gantry.bench;

import dev.gantry.e2e.BusyboxImage;
import dev.gantry.e2e.Client;
import dev.gantry.e2e.ClientKind;
import dev.gantry.e2e.DaemonKind;
import dev.gantry.e2e.DaemonUnderTest;
import dev.gantry.e2e.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `bench/run [name…] [--json FILE]`; without a name, all of them.
public final class Bench {
    private static final List<String> ALL = List.of(
            "start", "steps", "exec", "idle", "burst", "parallel", "cli", "logs", "pull", "push", "save", "load");
    private static final int IDLE_CONTAINERS = 200;

    private final Report report = new Report(System.out);
    private final List<DaemonUnderTest> daemons = new ArrayList<>();

    private Bench() {}

    public static void main(String... arguments) throws IOException {
        List<String> names = new ArrayList<>(List.of(arguments));
        int json = names.indexOf("--json");
        Path file = json < 0 ? null : Path.of(names.remove(json + 1));
        names.remove("--json");
        Bench bench = new Bench();
        System.out.println(Report.machine());
        try {
            bench.startDaemons();
            bench.run(names);
        } finally {
            for (DaemonUnderTest daemon : bench.daemons) {
                daemon.close();
            }
        }
        if (file != null) {
            bench.report.write(file);
        }
    }

    private void startDaemons() throws IOException {
        for (DaemonKind kind : DaemonKind.values()) {
            if (!kind.installed()) {
                report.skip(kind.toString(), "not installed");
                continue;
            }
            try {
                DaemonUnderTest daemon = DaemonUnderTest.start(kind);
                daemons.add(daemon);
                Result imported = new Client(ClientKind.DOCKER, daemon)
                        .callWithInput(BusyboxImage.tar(), "import", "-", "busybox:latest");
                if (imported.exit() != 0) {
                    report.skip(kind.toString(), "no image: " + imported.err().strip());
                    daemons.remove(daemon);
                    daemon.close();
                }
            } catch (IllegalStateException e) {
                report.skip(kind.toString(), String.valueOf(e.getMessage()));
            }
        }
    }

    private void run(List<String> names) throws IOException {
        for (String name : names.isEmpty() ? ALL : names) {
            switch (name) {
                case "start" -> start();
                case "steps" -> steps();
                case "exec" -> exec();
                case "idle" -> idle();
                case "burst" -> burst("40 runs, 8 at a time", 40, 8, 5);
                case "parallel" -> burst("100 starts at once", 100, 100, 3);
                case "cli" -> commandLine();
                case "logs" -> logs();
                case "pull", "push", "save", "load" -> transfer(name);
                default ->
                    throw new IllegalArgumentException("no benchmark \"" + name + "\", want " + String.join(", ", ALL));
            }
        }
    }

    private void start() throws IOException {
        try (RuntimeRun runtimes = new RuntimeRun()) {
            List<Contender> contenders = new ArrayList<>();
            for (DaemonUnderTest daemon : daemons) {
                contenders.add(EngineStart.on(daemon, false));
            }
            contenders.addAll(runtimes.contenders(report));
            race(
                    new Race(
                            "start to exit of `true`: over the API with limits, seccomp and log; runtimes alone",
                            30,
                            60),
                    contenders);
        }
        List<Contender> whole = new ArrayList<>();
        for (DaemonUnderTest daemon : daemons) {
            whole.add(EngineStart.on(daemon, true));
        }
        race(new Race("create, start, wait and delete over the API", 10, 40), whole);
    }

    private void steps() throws IOException {
        for (DaemonUnderTest daemon : daemons) {
            if (daemon.kind() == DaemonKind.GANTRY) {
                report.add("where a start's time goes in " + daemon.kind(), new StartSteps(daemon).measure());
            }
        }
    }

    private void exec() throws IOException {
        List<Contender> contenders = new ArrayList<>();
        for (DaemonUnderTest daemon : daemons) {
            contenders.add(EngineExec.on(daemon));
        }
        race(new Race("exec of `true` over the API: create, start, end of stream", 30, 60), contenders);
    }

    private void idle() throws IOException {
        for (DaemonUnderTest daemon : daemons) {
            report.add(new IdleMemory(daemon, IDLE_CONTAINERS).measure());
        }
    }

    private void burst(String title, int containers, int atATime, int rounds) throws IOException {
        List<Contender> contenders = new ArrayList<>();
        for (DaemonUnderTest daemon : daemons) {
            contenders.add(new Burst(daemon, containers, atATime));
        }
        race(new Race(title + ", none lost", 1, rounds), contenders);
    }

    private void commandLine() throws IOException {
        for (DaemonUnderTest daemon : daemons) {
            List<Contender> contenders = new ArrayList<>();
            for (ClientKind client : ClientKind.values()) {
                if (client.installed()) {
                    contenders.add(new ProgramRun(
                            client + " version on " + daemon.kind(),
                            List.of(client.program(), "version"),
                            Map.of("DOCKER_HOST", "unix://" + daemon.socket())));
                }
            }
            race(new Race("the command line against " + daemon.kind(), 3, 20), contenders);
        }
    }

    private void logs() throws IOException {
        try (LogLines lines = LogLines.make()) {
            for (boolean reading : new boolean[] {false, true}) {
                List<Contender> contenders = new ArrayList<>();
                for (DaemonUnderTest daemon : daemons) {
                    contenders.add(new EngineLog(daemon, lines, reading));
                }
                String what = reading ? "read back" : "from start to exit";
                race(new Race(lines.megabytes() + " MB of log in lines of 100 bytes, " + what, 1, 3), contenders);
            }
        }
    }

    private void transfer(String name) throws IOException {
        Race race = new Race(name + " of an image of 300 MB in three layers", 1, 5);
        try (Transfers transfers = new Transfers(daemons, report, race.warmUp() + race.rounds())) {
            List<Contender> contenders = switch (name) {
                case "pull" -> transfers.pulls();
                case "push" -> transfers.pushes();
                case "save" -> transfers.saves();
                default -> transfers.loads();
            };
            race(race, contenders);
            for (DaemonUnderTest daemon : daemons) {
                report.add(daemon);
            }
        }
    }

    private void race(Race race, List<Contender> contenders) throws IOException {
        if (contenders.isEmpty()) {
            return;
        }
        report.add(race.title(), race.run(contenders));
        for (Contender contender : contenders) {
            contender.close();
        }
    }
}
