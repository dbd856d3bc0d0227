package dev.gantry.e2e.vm;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// What runs in the virtual machine: the test classes, or `class#method`, that are its arguments. It prints a
/// line for each test.
final class GuestTests implements TestExecutionListener {
    /// What the lines begin with, between other output.
    static final String MARK = "guest-test";

    static final String PASSED = "passed";
    static final String SKIPPED = "skipped";
    static final String FAILED = "failed";
    /// The last line: no test is missing.
    static final String COMPLETE = "complete";

    private GuestTests() {}

    public static void main(String... tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(tests)
                        .map(each -> each.contains("#") ? selectMethod(each) : selectClass(each))
                        .toList())
                .build();
        LauncherFactory.create().execute(request, new GuestTests());
        print(COMPLETE, "", "");
        System.exit(0);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        print(SKIPPED, name(test), reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    print(PASSED, name(test), "");
                }
            }
            // the reason alone: where it begins with "host:" it is a good one
            case ABORTED -> print(SKIPPED, name(test), reason(result));
            case FAILED -> print(FAILED, name(test), text(result.getThrowable().orElseThrow()));
        }
    }

    private static String reason(TestExecutionResult result) {
        return result.getThrowable().map(Throwable::getMessage).orElse("");
    }

    private static String text(Throwable problem) {
        StringBuilder text = new StringBuilder(String.valueOf(problem));
        for (StackTraceElement each : problem.getStackTrace()) {
            if (each.getClassName().startsWith("dev.gantry.")) {
                text.append("\n\tat ").append(each);
            }
        }
        return text.toString();
    }

    /// Where it is in the tree of tests: class, parameters, method.
    private static String name(TestIdentifier test) {
        StringBuilder name = new StringBuilder();
        for (var segment : test.getUniqueIdObject().getSegments()) {
            String value = segment.getValue();
            switch (segment.getType()) {
                case "engine" -> {}
                case "class", "class-template" -> name.append(value.substring(value.lastIndexOf('.') + 1));
                default -> name.append(' ').append(value);
            }
        }
        return name.toString();
    }

    private static void print(String outcome, String name, String reason) {
        String line = String.join(
                "\t", MARK, outcome, name, reason.replace("\\", "\\\\").replace("\n", "\\n"));
        // on a line of its own, whatever the test has printed
        System.out.println("\n" + line.replace("\r", ""));
        System.out.flush();
    }
}
