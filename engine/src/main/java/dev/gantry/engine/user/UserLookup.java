package dev.gantry.engine.user;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.spec.Identity;
import dev.gantry.kernel.SafeDirectory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds whom `--user` and `--group-add` mean, by Docker's rules.
///
/// A user that a passwd file has brings its group, its home and, unless a group is asked for, the groups that list
/// it as a member. A number needs no entry. The primary group is always among the supplementary ones, so that a
/// group that the process leaves takes no access away from "others" (CVE-2022-36109).
public final class UserLookup {
    /// NGROUPS_MAX, the most that setgroups(2) takes.
    private static final int MAX_GROUPS = 65536;

    private static final String NO_HOME = "/";

    private final AccountFiles files;

    private UserLookup(SafeDirectory root) {
        files = new AccountFiles(root);
    }

    /// The identity of a process.
    ///
    /// @param root the container's, as its processes see it
    /// @param user `[user][:group]`, each a name or a number; empty is root
    /// @param groupAdd names or numbers of further groups
    /// @throws Failed with Docker's text if a name is not in the root's files or a number is out of range; if a
    ///     file is not fit to be read
    public static Identity resolve(SafeDirectory root, String user, List<String> groupAdd) {
        var lookup = new UserLookup(root);
        String[] parts = user.split(":", -1);
        return lookup.identity(parts[0], parts.length > 1 ? parts[1] : "", groupAdd);
    }

    private Identity identity(String user, String group, List<String> groupAdd) {
        Optional<Account> account = account(user);
        long uid = account.map(Account::uid).orElseGet(() -> unlisted(user));
        Set<Long> groups = new LinkedHashSet<>();
        long gid;
        if (group.isEmpty()) {
            gid = account.map(Account::gid).orElse(0L);
            groups.add(gid);
            account.ifPresent(found -> groups.addAll(memberships(found.name())));
        } else {
            gid = group(group)
                    .orElseThrow(
                            () -> new Failed("unable to find group " + group + ": no matching entries in group file"));
            groups.add(gid);
        }
        for (String added : groupAdd) {
            groups.add(group(added)
                    .orElseThrow(
                            () -> new Failed("Unable to find group " + added + ": no matching entries in group file")));
        }
        groups.forEach(IdNumber::inRange);
        return new Identity(IdNumber.inRange(uid), IdNumber.inRange(gid), new ArrayList<>(groups), home(uid));
    }

    /// The first account that matches: numbers by number only, names by name only.
    private Optional<Account> account(String user) {
        if (user.isEmpty()) {
            return accountOf(0);
        }
        return IdNumber.isNumber(user)
                ? accountOf(IdNumber.inRange(IdNumber.read(user)))
                : files.accounts()
                        .filter(account -> account.name().equals(user))
                        .findFirst();
    }

    private Optional<Account> accountOf(long uid) {
        return files.accounts().filter(account -> account.uid() == uid).findFirst();
    }

    private static long unlisted(String user) {
        if (user.isEmpty()) {
            return 0;
        }
        if (!IdNumber.isNumber(user)) {
            throw new Failed("unable to find user " + user + ": no matching entries in passwd file");
        }
        return IdNumber.read(user);
    }

    private List<Long> memberships(String name) {
        List<Long> found = files.groups()
                .filter(group -> group.members().contains(name))
                .map(Group::gid)
                .distinct()
                .limit(MAX_GROUPS)
                .toList();
        if (found.size() == MAX_GROUPS) {
            throw new Failed("user %s is a member of too many groups, limit %d".formatted(name, MAX_GROUPS - 1));
        }
        return found;
    }

    private Optional<Long> group(String text) {
        return IdNumber.isNumber(text)
                ? Optional.of(IdNumber.read(text))
                : files.groups()
                        .filter(group -> group.name().equals(text))
                        .findFirst()
                        .map(Group::gid);
    }

    /// The home of the first account with this number: runc looks it up by number, after the name has been resolved.
    private String home(long uid) {
        return accountOf(uid).map(Account::home).orElse(NO_HOME);
    }
}
