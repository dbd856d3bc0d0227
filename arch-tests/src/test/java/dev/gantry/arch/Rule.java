package dev.gantry.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.gantry.arch.cycle.one.One;
import dev.gantry.arch.cycle.two.Two;
import dev.gantry.arch.fixture.Offender;
import dev.gantry.arch.fixture.OffenderManager;
import dev.gantry.arch.fixture.UnsupportedWish;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.RandomAccessFile;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;

/// Each rule about classes, with fixtures that break it.
@SuppressWarnings("ImmutableEnumChecker") // ArchRule is not annotated; nothing changes one here
enum Rule {
    PACKAGES_HAVE_NO_CYCLES(slices().matching("dev.gantry.(**)").should().beFreeOfCycles(), One.class, Two.class),

    ONLY_THE_KERNEL_MODULE_TOUCHES_NATIVE_MEMORY(
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.gantry.kernel..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.lang.foreign..")
                    .because("one module owns native memory"),
            Offender.class),

    ONLY_THE_COMMAND_LINES_PRINT(
            noClasses()
                    .that()
                    .resideOutsideOfPackages("dev.gantry.cli..", "dev.gantry.bundle..")
                    .should(ACCESS_STANDARD_STREAMS)
                    .because("everything else logs through System.Logger"),
            Offender.class),

    THREADS_COME_FROM_NAMED_BUILDERS(
            noClasses()
                    .should()
                    .callConstructor(Thread.class)
                    .orShould()
                    .callConstructor(Thread.class, Runnable.class)
                    .orShould()
                    .callConstructor(Thread.class, String.class)
                    .orShould()
                    .callConstructor(Thread.class, Runnable.class, String.class)
                    .orShould()
                    .beAssignableTo(Thread.class)
                    .because("Thread.ofVirtual() and Thread.ofPlatform() say which kind, and name it"),
            Offender.class),

    PROGRAMS_ARE_STARTED_BY_THE_EDGES_ONLY(
            noClasses()
                    .that()
                    .resideOutsideOfPackages("dev.gantry.cli..", "dev.gantry.engine..", "dev.gantry.bundle..")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(ProcessBuilder.class)
                    .orShould()
                    .callMethod(Runtime.class, "exec", String[].class)
                    .because(
                            "a container is started by kernel's posix_spawn; the command line starts a daemon, the engine and the OCI runtime ps"),
            Offender.class),

    // CVE-2018-15664, CVE-2021-30465, CVE-2024-45310 and most others of docs/security.md are a path inside a
    // container's root that was resolved by string while someone changed it
    CONTAINER_PATHS_NEVER_GO_THROUGH_STRINGS(
            noClasses()
                    .that()
                    .resideInAnyPackage(ContainerPaths.PACKAGES)
                    .should()
                    .dependOnClassesThat()
                    .belongToAnyOf(
                            Files.class,
                            File.class,
                            FileInputStream.class,
                            FileOutputStream.class,
                            RandomAccessFile.class,
                            FileChannel.class)
                    .because("only kernel's SafeDirectory resolves a path inside a container's root"),
            dev.gantry.runtime.launch.fixture.StringPath.class),

    EVERY_PACKAGE_IS_NULL_MARKED(classes().should(resideInANullMarkedPackage()), Offender.class),

    NAMES_SAY_WHAT_A_TYPE_IS(
            noClasses()
                    .should()
                    .haveNameMatching(".*(Impl|Manager|Helper|Helpers|Util|Utils|Data|Info|Base)")
                    .because("these suffixes say nothing"),
            OffenderManager.class),

    NOTHING_GENERIC_IS_THROWN(noClasses().should(THROW_GENERIC_EXCEPTIONS), Offender.class),

    /// The daemon's `Logging` sets up the handler and format of the system logger's back end, and nothing else may.
    LOGGING_GOES_THROUGH_THE_SYSTEM_LOGGER(
            noClasses()
                    .that()
                    .haveNameNotMatching("dev\\.gantry\\.daemon\\.Logging(\\$.*)?")
                    .should(USE_JAVA_UTIL_LOGGING),
            Offender.class),

    URLS_ARE_NOT_OPENED(
            noClasses()
                    .should()
                    .callMethod(URL.class, "openStream")
                    .because("it follows redirects and has no time limit"),
            Offender.class),

    CONTEXT_IS_NOT_BOUND_TO_THREADS(
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(ThreadLocal.class)
                    .because("a million virtual threads have a million copies; ScopedValue is for context"),
            Offender.class),

    SIGNATURES_BLOCK_INSTEAD_OF_PROMISING(
            methods()
                    .that()
                    .arePublic()
                    .should()
                    .notHaveRawReturnType(Future.class)
                    .andShould()
                    .notHaveRawReturnType(java.util.concurrent.CompletableFuture.class)
                    .because("blocking code on virtual threads needs no callbacks"),
            Offender.class),

    WHAT_IS_LISTED_AS_UNSUPPORTED_IS_REFUSED(
            classes()
                    .that()
                    .haveSimpleNameStartingWith("Unsupported")
                    .and()
                    .areEnums()
                    .should(haveConstantsInUse()),
            UnsupportedWish.class),

    METHODS_HAVE_AT_MOST_SEVEN_PARAMETERS(methods().should(Budgets.haveAtMostSevenParameters()), Offender.class);

    private final ArchRule rule;
    private final List<Class<?>> offenders;

    Rule(ArchRule rule, Class<?>... offenders) {
        this.rule = rule;
        this.offenders = List.of(offenders);
    }

    ArchRule rule() {
        return rule;
    }

    /// Classes that break the rule.
    List<Class<?>> offenders() {
        return offenders;
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean descriptor = type.getSimpleName().equals("module-info");
                boolean marked = descriptor || type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is not null-marked"));
            }
        };
    }

    private static ArchCondition<JavaClass> haveConstantsInUse() {
        return new ArchCondition<>("have constants that other classes use") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaField constant : type.getFields()) {
                    boolean used = constant.getAccessesToSelf().stream()
                            .anyMatch(access -> !access.getOriginOwner().equals(type));
                    boolean listed = constant.getModifiers().contains(JavaModifier.ENUM);
                    events.add(
                            new SimpleConditionEvent(type, used || !listed, constant.getFullName() + " is not used"));
                }
            }
        };
    }
}
