import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// Sums up all surefire and failsafe reports below a directory: each failure, each skipped test with its reason, and the
/// closing line `N passed, N failed, N skipped`. Run by `./check`: `java TestSummary.java <directory> <status so far>`.
///
/// Exit status 1 if a test failed, none ran, or (with `CI=true`) one was skipped for a reason that starts neither with
/// `host: `, which marks what the machine's kernel or privileges cannot do, nor with `beside: `, which marks published
/// documents and tools that lie beside a checkout and are not part of it.
final class TestSummary {
    private static final List<String> GOOD_REASONS = List.of("host: ", "beside: ");

    private record Outcome(String test, String reason) {}

    private int passed;
    private final List<Outcome> failed = new ArrayList<>();
    private final List<Outcome> skipped = new ArrayList<>();

    public static void main(String... arguments) throws IOException, ParserConfigurationException, SAXException {
        TestSummary summary = new TestSummary();
        for (Path report : reports(Path.of(arguments[0]))) {
            summary.add(report);
        }
        boolean strict = "true".equals(System.getenv("CI"));
        System.exit(summary.print(arguments[1].equals("0"), strict) ? 0 : 1);
    }

    private static List<Path> reports(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 6)) {
            return files.filter(file -> file.toString().matches(".*/target/(surefire|failsafe)-reports/TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
    }

    private void add(Path report) throws IOException, ParserConfigurationException, SAXException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        NodeList cases = factory.newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            addCase((Element) cases.item(i));
        }
    }

    private void addCase(Element testCase) {
        String test = testCase.getAttribute("classname") + " " + testCase.getAttribute("name");
        for (String kind : List.of("failure", "error")) {
            NodeList problems = testCase.getElementsByTagName(kind);
            if (problems.getLength() > 0) {
                failed.add(new Outcome(test, reason((Element) problems.item(0))));
                return;
            }
        }
        NodeList skips = testCase.getElementsByTagName("skipped");
        if (skips.getLength() > 0) {
            skipped.add(new Outcome(test, reason((Element) skips.item(0))));
        } else {
            passed++;
        }
    }

    private static String reason(Element problem) {
        String message = problem.getAttribute("message").isBlank()
                ? problem.getTextContent()
                : problem.getAttribute("message");
        String plain = message.strip()
                .replaceFirst("^[a-zA-Z0-9_.$]+: ", "")
                .replaceFirst("^Assumption failed: ", "")
                .replaceAll("\\s+", " ");
        return plain.length() <= 400 ? plain : plain.substring(0, 400) + "…";
    }

    /// Returns whether everything is well.
    private boolean print(boolean well, boolean strict) {
        for (Outcome skip : skipped) {
            System.out.println("skipped: " + skip.test() + ": " + skip.reason());
        }
        for (Outcome failure : failed) {
            System.out.println("failed: " + failure.test() + ": " + failure.reason());
        }
        long missing = skipped.stream()
                .filter(skip -> GOOD_REASONS.stream().noneMatch(skip.reason()::startsWith))
                .count();
        if (strict && missing > 0) {
            System.out.println("CI=true: " + missing + " tests were skipped because something is missing here");
        }
        if (!well) {
            System.out.println("a gate, a compilation or a test failed, or something was left behind: see above");
        }
        System.out.printf("%d passed, %d failed, %d skipped%n", passed, failed.size(), skipped.size());
        return failed.isEmpty() && passed > 0 && (!strict || missing == 0);
    }
}
