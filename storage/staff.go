package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"esimbot/esim"
)

const (
	selectStaff = `SELECT id, name, role FROM staff`
	namedStaff  = selectStaff + ` WHERE role <> '' ORDER BY CASE role WHEN 'owner' THEN 1 WHEN 'manager' THEN 2 ELSE 3 END, id`
	noteStaff   = `INSERT INTO staff (id, name, role) VALUES (?1, ?2, '') ON CONFLICT (id) DO UPDATE SET name = excluded.name`
	nameStaff   = `INSERT INTO staff (id, name, role) VALUES (?1, ?2, ?3)
		ON CONFLICT (id) DO UPDATE SET role = excluded.role, name = iif(excluded.name = '', name, excluded.name)`
)

func scanStaff(rows *sql.Rows) (esim.StaffMember, error) {
	var m esim.StaffMember
	err := rows.Scan(&m.ID, &m.Name, &m.Role)
	return m, err
}

// StaffMember returns who has a number; one without a name and a role if nobody knows them.
func (db *DB) StaffMember(ctx context.Context, id esim.CustomerID) (esim.StaffMember, error) {
	m, err := one(db.read(ctx), scanStaff, selectStaff+` WHERE id = ?`, id)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.StaffMember{ID: id}, nil
	}
	if err != nil {
		return m, fmt.Errorf("who of the staff: %w", err)
	}
	return m, nil
}

// StaffWithRoles lists those who were named a role, the mightiest first.
func (db *DB) StaffWithRoles(ctx context.Context) ([]esim.StaffMember, error) {
	all, err := list(db.read(ctx), scanStaff, namedStaff)
	if err != nil {
		return nil, fmt.Errorf("who was named a role: %w", err)
	}
	return all, nil
}

// NoteStaffName notes how somebody of the staff is called.
func (db *DB) NoteStaffName(ctx context.Context, id esim.CustomerID, name string) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(noteStaff, id, name)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a name of the staff: %w", err)
	}
	return nil
}

// AssignRole gives a role to a member and stores what esim.DecideRole says of it, with the audit entry, of who names it.
func (db *DB) AssignRole(ctx context.Context, whom esim.StaffMember, role esim.Role, entry esim.AuditEntry) error {
	err := db.write(ctx, func(t *tx) error {
		named, err := list(t, scanStaff, namedStaff)
		if err != nil {
			return err
		}
		by, err := one(t, scanStaff, selectStaff+` WHERE id = ?`, entry.Who)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return err
		}
		by.ID = entry.Who
		changes, err := esim.DecideRole(named, by, whom, role)
		if err != nil {
			return err
		}
		for _, m := range changes {
			if _, err := t.exec(nameStaff, m.ID, m.Name, m.Role); err != nil {
				return err
			}
			entry.Why = m.RoleAuditText()
			if err := db.audit(t, entry); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("name somebody %s: %w", role, err)
	}
	return nil
}
