namespace Fleet.Coordinator.Stores.Postgres;

/// <summary>What is said to the database. Each is one statement, which is one transaction: nothing is ever left open on the server.</summary>
internal static class StoreSql
{
    public const string Channel = "fleet_journal";

    /// <summary>Snapshots count: a journal that was copied from elsewhere may begin with one.</summary>
    private const string Last = """
        greatest(
            (select max(revision) from fleet_store.journal),
            (select max(revision) from fleet_store.snapshot where complete),
            0)
        """;

    /// <summary>
    /// True in the session of the leader of term $1 alone. The row stays locked until the transaction ends, so that no term can begin between the
    /// look and the write. A pooler that gives each transaction another session is found out by its pid.
    /// </summary>
    private const string Leading = """
        select from fleet_store.leader where term = $1 and backend_pid = pg_backend_pid() and not resigned for share
        """;

    /// <summary>
    /// Lock and row in one statement: whoever has the lock can be found in the row, and deposed. $1: holder; $2: this session has the lock already.
    /// In a store that is closed no term begins.
    /// </summary>
    public const string Campaign = $"""
        with locked as materialized (select case when $2 then true else pg_try_advisory_lock(1179403589, 1) end as won),
        before as (select l.term, l.resigned, l.closed from fleet_store.leader l, locked where locked.won for update of l),
        begun as (
            update fleet_store.leader l
            set term = 1 + greatest(b.term, (select term from fleet_store.journal order by revision desc limit 1)),
                holder = $1, backend_pid = pg_backend_pid(), resigned = false, since = now()
            from before b where b.closed is null returning l.term, b.resigned)
        select locked.won, begun.term, begun.resigned, before.closed from locked left join before on true left join begun on true
        """;

    /// <summary>True when nobody has the lock; until the transaction ends nobody else gets it.</summary>
    public const string Keep = "select pg_try_advisory_xact_lock(1179403589, 1)";

    /// <summary>$1: the mark.</summary>
    public const string Close = "update fleet_store.leader set closed = $1 where closed is null";

    public const string Reopen = "update fleet_store.leader set closed = null";

    public const string Look = $"""
        select l.term, l.closed, h.pid is not null and not l.resigned, l.holder, {Last}
        from fleet_store.leader l left join fleet_store.lock_holder h on h.pid = l.backend_pid
        """;

    /// <summary>$1: the highest term that the history knows. Nobody can tell whether something is still acknowledged elsewhere.</summary>
    public const string BeginAfter = "update fleet_store.leader set term = greatest(term, $1), resigned = false, backend_pid = null";

    public const string Resign = """
        with gone as (
            update fleet_store.leader set resigned = $2 where term = $1 and backend_pid = pg_backend_pid() returning term)
        select count(gone.term), pg_advisory_unlock_all() from gone
        """;

    /// <summary>$1: term. Nothing comes back when it is another's, or nobody's; else whether there is synchronous replication.</summary>
    public const string Stands = """
        select current_setting('synchronous_standby_names') <> ''
        from fleet_store.leader l join fleet_store.lock_holder h on h.pid = l.backend_pid where l.term = $1 and not l.resigned
        """;

    /// <summary>
    /// Where there is synchronous replication, the question is a write: a primary that was replaced, and does not know it, cannot commit. It could
    /// answer a question that only reads.
    /// </summary>
    public const string StandsReplicated = $"""
        with asked as (update fleet_store.question set asked = asked + 1 returning asked)
        select from asked, ({Stands}) stands
        """;

    public const string Leader = """
        select l.term, l.holder from fleet_store.leader l join fleet_store.lock_holder h on h.pid = l.backend_pid where not l.resigned
        """;

    public const string Term = "select term from fleet_store.leader";

    /// <summary>
    /// $1: term. Ends the leader's session if it still leads that term, and waits until it has ended: then its lock is free, and what it was writing
    /// has been written or never will be. A role may do that to its own sessions. A session that a pooler has given to somebody else since does not
    /// hold the lock.
    /// </summary>
    public const string Depose = """
        select pg_terminate_backend(h.pid, 1000)
        from fleet_store.leader l join fleet_store.lock_holder h on h.pid = l.backend_pid where l.term = $1
        """;

    /// <summary>$1: term, $2: revision, $3: entry. Nothing comes back when nothing was written.</summary>
    public const string Append = $"""
        with mine as ({Leading}),
        written as (
            insert into fleet_store.journal (revision, term, entry)
            select $2, $1, $3 from mine where $2 = 1 + {Last} returning revision)
        select pg_notify('{Channel}', revision::text) from written
        """;

    /// <summary>$1: term. Why nothing was written: the term of now, whether this session leads the given one, the last revision.</summary>
    public const string Standing = $"""
        select term, term = $1 and backend_pid = pg_backend_pid() and not resigned, {Last} from fleet_store.leader
        """;

    /// <summary>$1: from; $2: how many at most. No more than some megabytes come back at once, or one entry.</summary>
    public const string Page = """
        select entry, revision from (
            select revision, entry, octet_length(entry) as size, sum(octet_length(entry)) over (order by revision) as until
            from (select revision, entry from fleet_store.journal where revision >= $1 order by revision limit $2) next) sized
        where until - size < 4000000 order by revision
        """;

    /// <summary>The oldest entry and the last revision; null and 0 when there is none.</summary>
    public const string Extent = $"select (select min(revision) from fleet_store.journal), {Last}";

    /// <summary>Takes as long as it takes, and hinders nobody: it counts only once the leader says that it is complete.</summary>
    public const string WriteSnapshot = "insert into fleet_store.snapshot (revision, term, state) values ($1, $2, $3) returning id";

    /// <summary>$1: term, $2: the snapshot's id, $3: entries kept. Others go, and what it covers. Nothing comes back when it may not.</summary>
    public const string KeepSnapshot = $"""
        with mine as ({Leading}),
        kept as (update fleet_store.snapshot set complete = true from mine where id = $2 returning revision),
        others as (delete from fleet_store.snapshot using kept where id <> $2),
        covered as (delete from fleet_store.journal j using kept where j.revision <= least(kept.revision, {Last} - $3))
        select revision from kept
        """;

    public const string LoadSnapshot = "select state from fleet_store.snapshot where complete order by id desc limit 1";

    /// <summary>
    /// An acknowledged entry is on disk, and on the replicas that the server waits for, whatever its default is. What is stronger stays.
    /// </summary>
    public const string Durable = """
        select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') not in ('on', 'remote_apply')
        """;

    /// <summary>A leader whose host is lost is noticed within seconds and not hours. Not through a pooler: it is the server's client.</summary>
    public const string NoticeLoss = """
        select set_config('tcp_keepalives_idle', '2', false), set_config('tcp_keepalives_interval', '1', false),
            set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '5000', false)
        """;
}
